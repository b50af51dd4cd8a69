#include "include/CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The parts of curl.h that are used. libcurl promises to keep numbers and meanings (its soname has
// been 4 since 2006): options are 0 + n for longs, 10000 + n for pointers, 20000 + n for functions,
// 30000 + n for 64-bit offsets; infos carry their type in the same way.

typedef struct curl_list curl_list;
enum {
  OPTION_WRITE_DATA = 10001,
  OPTION_URL = 10002,
  OPTION_ERROR_BUFFER = 10010,
  OPTION_POST_FIELDS = 10015,
  OPTION_HTTP_HEADER = 10023,
  OPTION_CERTIFICATES = 10065,
  OPTION_ACCEPT_ENCODING = 10102,
  OPTION_NO_PROXY = 10177,
  OPTION_PROGRESS_DATA = 10057,
  OPTION_NO_PROGRESS = 43,
  OPTION_POST = 47,
  OPTION_FOLLOW_LOCATION = 52,
  OPTION_HTTP_GET = 80,
  OPTION_NO_SIGNAL = 99,
  OPTION_TIMEOUT_MS = 155,
  OPTION_CONNECT_TIMEOUT_MS = 156,
  OPTION_PROTOCOLS = 181,
  OPTION_WRITE_FUNCTION = 20011,
  OPTION_PROGRESS_FUNCTION = 20219,
  OPTION_POST_SIZE = 30120,
  INFO_STATUS = 0x200002,
  INFO_CONTENT_TYPE = 0x100000 + 18,
  INFO_REDIRECT_URL = 0x100000 + 31,
  INFO_RETRY_AFTER = 0x600000 + 57,
  PROTOCOLS_HTTP_AND_HTTPS = 3,
  GLOBAL_DEFAULT = 3,
};

static struct {
  int (*global_init)(long);
  void *(*easy_init)(void);
  void (*easy_cleanup)(void *);
  void (*easy_reset)(void *);
  int (*set)(void *, int, ...);
  int (*perform)(void *);
  int (*get)(void *, int, ...);
  curl_list *(*append)(curl_list *, const char *);
  void (*free_all)(curl_list *);
  char *(*version)(void);
  int is_there;
} curl;

static void load(void) {
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl-nss.so.4"};
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  *(void **)&curl.global_init = dlsym(library, "curl_global_init");
  *(void **)&curl.easy_init = dlsym(library, "curl_easy_init");
  *(void **)&curl.easy_cleanup = dlsym(library, "curl_easy_cleanup");
  *(void **)&curl.easy_reset = dlsym(library, "curl_easy_reset");
  *(void **)&curl.set = dlsym(library, "curl_easy_setopt");
  *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
  *(void **)&curl.get = dlsym(library, "curl_easy_getinfo");
  *(void **)&curl.append = dlsym(library, "curl_slist_append");
  *(void **)&curl.free_all = dlsym(library, "curl_slist_free_all");
  *(void **)&curl.version = dlsym(library, "curl_version");
  curl.is_there = curl.global_init && curl.easy_init && curl.easy_cleanup && curl.easy_reset &&
                  curl.set && curl.perform && curl.get && curl.append && curl.free_all &&
                  curl.version && curl.global_init(GLOBAL_DEFAULT) == 0;
}

static int is_there(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return curl.is_there;
}

const char *orc_curl_version(void) { return is_there() ? curl.version() : NULL; }
void *orc_curl_open(void) { return is_there() ? curl.easy_init() : NULL; }
void orc_curl_close(void *connection) {
  if (connection) curl.easy_cleanup(connection);
}

/// What the two functions that libcurl calls share.
typedef struct {
  const orc_curl_request *request;
  orc_curl_answer *answer;
  size_t room;
  int is_too_large, is_short_of_memory, is_stopped, is_idle;
  int64_t moved, moved_at, started_at;
} progress;

static int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static size_t take(char *bytes, size_t size, size_t count, void *context) {
  progress *state = context;
  size_t more = size * count;
  orc_curl_answer *answer = state->answer;
  if (more > state->request->answer_max - answer->body_count) {
    state->is_too_large = 1;
    return 0;
  }
  if (answer->body_count + more > state->room) {
    size_t room = state->room * 2 > answer->body_count + more ? state->room * 2
                                                              : answer->body_count + more;
    uint8_t *body = realloc(answer->body, room);
    if (!body) {
      state->is_short_of_memory = 1;
      return 0;
    }
    answer->body = body;
    state->room = room;
  }
  if (more) memcpy(answer->body + answer->body_count, bytes, more);
  answer->body_count += more;
  return more;
}

static int look(void *context, int64_t total_in, int64_t in, int64_t total_out, int64_t out) {
  progress *state = context;
  (void)total_in, (void)total_out;
  if (state->request->is_stopped && state->request->is_stopped(state->request->stop_context)) {
    state->is_stopped = 1;
    return 1;
  }
  int64_t now = now_ms();
  if (in + out != state->moved) {
    state->moved = in + out;
    state->moved_at = now;
  } else if (now - state->moved_at >= state->request->idle_ms) {
    state->is_idle = 1;
    return 1;
  }
  return 0;
}

/// CURLcode to ORC_CURL_….
static int end_of(int code, const progress *state) {
  switch (code) {
    case 0: return ORC_CURL_ANSWERED;
    case 23:  // write error: take() refused
      return state->is_too_large ? ORC_CURL_TOO_LARGE : ORC_CURL_OTHER;
    case 42:  // aborted by look()
      return state->is_stopped ? ORC_CURL_STOPPED : ORC_CURL_IDLE_TIMEOUT;
    case 28:
      return now_ms() - state->started_at + 20 >= state->request->total_ms
                 ? ORC_CURL_TOTAL_TIMEOUT
                 : ORC_CURL_CONNECT_TIMEOUT;
    case 5: case 6: case 7: return ORC_CURL_UNREACHABLE;
    // partial file, nothing came, send error, receive error, broken HTTP/2 stream
    case 18: case 52: case 55: case 56: case 92: return ORC_CURL_CUT_OFF;
    // weird server, HTTP/2 framing, bad encoding, HTTP/3, unsupported protocol
    case 8: case 16: case 61: case 95: case 1: return ORC_CURL_NO_HTTP;
    case 35: case 51: case 53: case 54: case 58: case 59: case 60: case 66: case 77: case 80:
    case 82: case 83: case 90: case 91:
      return ORC_CURL_UNTRUSTED;
    default: return ORC_CURL_OTHER;
  }
}

static char *copy(const char *text) { return text ? strdup(text) : NULL; }

static void set(void *connection, const orc_curl_request *request, curl_list *headers,
                progress *state, char *problem) {
  curl.easy_reset(connection);  // keeps connections
  curl.set(connection, OPTION_URL, request->url);
  curl.set(connection, OPTION_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
  curl.set(connection, OPTION_HTTP_HEADER, headers);
  if (request->body) {
    curl.set(connection, OPTION_POST, 1L);
    curl.set(connection, OPTION_POST_SIZE, (int64_t)request->body_count);
    curl.set(connection, OPTION_POST_FIELDS, request->body);
  } else {
    curl.set(connection, OPTION_HTTP_GET, 1L);
  }
  curl.set(connection, OPTION_NO_SIGNAL, 1L);
  curl.set(connection, OPTION_FOLLOW_LOCATION, 0L);
  curl.set(connection, OPTION_ACCEPT_ENCODING, "gzip");
  curl.set(connection, OPTION_CONNECT_TIMEOUT_MS, (long)request->connect_ms);
  curl.set(connection, OPTION_TIMEOUT_MS, (long)request->total_ms);
  if (request->no_proxy) curl.set(connection, OPTION_NO_PROXY, request->no_proxy);
  if (request->certificates) curl.set(connection, OPTION_CERTIFICATES, request->certificates);
  curl.set(connection, OPTION_ERROR_BUFFER, problem);
  curl.set(connection, OPTION_WRITE_FUNCTION, take);
  curl.set(connection, OPTION_WRITE_DATA, state);
  curl.set(connection, OPTION_NO_PROGRESS, 0L);
  curl.set(connection, OPTION_PROGRESS_FUNCTION, look);
  curl.set(connection, OPTION_PROGRESS_DATA, state);
}

void orc_curl_perform(void *connection, const orc_curl_request *request, orc_curl_answer *answer) {
  memset(answer, 0, sizeof *answer);
  if (!connection) {
    answer->end = ORC_CURL_ABSENT;
    return;
  }
  char problem[256] = "";
  progress state = {.request = request, .answer = answer};
  state.moved_at = state.started_at = now_ms();
  curl_list *headers = NULL;
  for (size_t i = 0; i < request->header_count; i++)
    headers = curl.append(headers, request->headers[i]);
  set(connection, request, headers, &state, problem);
  int code = curl.perform(connection);
  answer->end = end_of(code, &state);
  if (state.is_short_of_memory) strcpy(problem, "memory is short");
  memcpy(answer->problem, problem, sizeof problem);
  answer->problem[sizeof answer->problem - 1] = 0;
  long status = 0;
  const char *text = NULL;
  curl.get(connection, INFO_STATUS, &status);
  answer->status = (int)status;
  if (curl.get(connection, INFO_CONTENT_TYPE, &text) == 0) answer->content_type = copy(text);
  text = NULL;
  if (curl.get(connection, INFO_REDIRECT_URL, &text) == 0) answer->redirect = copy(text);
  if (curl.get(connection, INFO_RETRY_AFTER, &answer->retry_after) != 0) answer->retry_after = 0;
  // Nothing of this call may be looked at by the next one.
  curl.easy_reset(connection);
  curl.free_all(headers);
}

void orc_curl_free(orc_curl_answer *answer) {
  free(answer->body);
  free(answer->content_type);
  free(answer->redirect);
  memset(answer, 0, sizeof *answer);
}
