# Sourced by the scripts that measure the training core: their cases and the program's JSON lines.

# Shape, method, type, rows; then bars: speed at least, memory at most, as ratios to the same case of
# the peer, and speed at least as a ratio to the peer's best configuration. Memory of scoring and
# generation is held against weights + cache + 150 MB; QLoRA's against the peer's float32 LoRA.
cases() {
  while read -r shape method dtype batch bars; do
    case "$shape $method $dtype $batch" in
      *"${CASES:-}"*) echo "$shape $method $dtype $batch $bars" ;;
    esac
  done <<LIST
tiny15m lora f32 2 2.0 0.4 1.4
smol135m lora f32 2 2.0 0.4 1.4
qwen0.5b lora f32 2 2.0 0.4 1.4
smol135m lora bf16 2 2.0 0.4 -
qwen0.5b lora bf16 2 2.0 0.4 -
smol135m dpo f32 1 3.0 0.4 -
smol135m full f32 2 1.8 0.6 -
smol135m score f32 2 2.0 - -
smol135m generate f32 1 1.4 - -
smol135m generate f32 8 2.0 - -
qwen0.5b qlora f32 2 1.5 - -
LIST
}

# What only our side is told about a method: the same optimizer step one row at a time, where memory
# is what counts; pairs that share a prompt of half their length, which the peer computes twice.
own_flags() {
  case "$1" in
    full | qlora) echo --micro 1 ;;
    dpo) echo --shared 256 ;;
  esac
}

field() { sed -n "s/.*\"$1\": \"\{0,1\}\([^,\"}]*\).*/\1/p"; }
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2; else print 0 }'; }
# The median of a field in a file of JSON lines.
middle() { field "$2" <"$1" | median; }
