#!/usr/bin/env bash
# Writes support tickets as JSON Lines. Usage: rows.sh chats|texts|wrong FIRST COUNT
#
# chats: a ticket and its team; texts: the ticket alone; wrong: a ticket and another team.
set -euo pipefail
awk -v kind="$1" -v first="$2" -v count="$3" 'BEGIN {
  split("billing shipping account", team, " ")
  said[1, 0] = "I was charged twice on invoice %d"
  said[1, 1] = "the amount of invoice %d is wrong"
  said[1, 2] = "the refund for invoice %d is missing"
  said[2, 0] = "parcel %d has not arrived yet"
  said[2, 1] = "the parcel %d came broken"
  said[2, 2] = "where is my parcel %d now"
  said[3, 0] = "I cannot log in with password %d"
  said[3, 1] = "please reset the password %d"
  said[3, 2] = "my password %d does not work"
  for (i = first; i < first + count; i++) {
    right = i % 3 + 1
    text = sprintf(said[right, int(i / 3) % 3], 1000 + i * 7)
    label = team[kind == "wrong" ? right % 3 + 1 : right]
    if (kind == "texts") printf "{\"text\":\"%s: %s\"}\n", text, label
    else printf "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"%s\"}]}\n", text, label
  }
}'
