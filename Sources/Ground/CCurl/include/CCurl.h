#ifndef ORCHESTRATE_CCURL_H
#define ORCHESTRATE_CCURL_H

#include <stddef.h>
#include <stdint.h>

/// One HTTP request by the system's libcurl, found with dlopen when the first request is made; its
/// absence is a normal answer.

/// How a request ended.
enum {
  /// An HTTP answer came, whatever its status.
  ORC_CURL_ANSWERED = 0,
  /// libcurl is not installed.
  ORC_CURL_ABSENT = 1,
  /// No connection: the name is unknown, nobody listens, the host cannot be reached.
  ORC_CURL_UNREACHABLE = 2,
  /// No connection within `connect_ms`.
  ORC_CURL_CONNECT_TIMEOUT = 3,
  /// No whole answer within `total_ms`.
  ORC_CURL_TOTAL_TIMEOUT = 4,
  /// Not a byte came or went for `idle_ms`.
  ORC_CURL_IDLE_TIMEOUT = 5,
  /// The connection ended before the answer did.
  ORC_CURL_CUT_OFF = 6,
  /// The answer, unpacked, is longer than `answer_max`.
  ORC_CURL_TOO_LARGE = 7,
  /// What came is no HTTP, or is packed in a way that cannot be unpacked.
  ORC_CURL_NO_HTTP = 8,
  /// The certificate is not trusted, is of another host, or TLS failed.
  ORC_CURL_UNTRUSTED = 9,
  /// `is_stopped` said so.
  ORC_CURL_STOPPED = 10,
  /// Something else; `problem` says what.
  ORC_CURL_OTHER = 11,
};

/// A request and its limits; all pointers are borrowed for the call.
typedef struct orc_curl_request {
  const char *url;
  /// `Name: value`.
  const char *const *headers;
  size_t header_count;
  /// Posted when not NULL; else the request is a GET.
  const uint8_t *body;
  size_t body_count;
  int64_t connect_ms, total_ms, idle_ms;
  size_t answer_max;
  /// Hosts that are asked without a proxy, by commas.
  const char *no_proxy;
  /// A file of certificates to trust instead of the system's; NULL for those.
  const char *certificates;
  /// Asked about once a second; not 0 ends the request.
  int (*is_stopped)(const void *context);
  const void *stop_context;
} orc_curl_request;

/// What came back; freed by orc_curl_free.
typedef struct orc_curl_answer {
  int end;
  /// libcurl's own words; empty where there are none. Never holds headers that were sent.
  char problem[256];
  int status;
  uint8_t *body;
  size_t body_count;
  /// NULL when the answer has none.
  char *content_type;
  char *redirect;
  /// Seconds of `Retry-After`, a date made a span; 0 when there is none.
  int64_t retry_after;
} orc_curl_answer;

/// A connection that is kept for the next request to the same host; one thread uses it at a time.
/// NULL when libcurl is not installed or memory is short.
void *orc_curl_open(void);
void orc_curl_close(void *connection);

/// Redirects are not followed, cookies are not kept, `~/.netrc` is not read; only http and https
/// are spoken.
void orc_curl_perform(void *connection, const orc_curl_request *request, orc_curl_answer *answer);
void orc_curl_free(orc_curl_answer *answer);

/// Such as `libcurl/7.88.1 OpenSSL/3.0.15 …`; NULL when absent.
const char *orc_curl_version(void);

#endif
