private import Diagnostics

/// The script of a job: runs a ticket in a folder of that very execution and leaves its exit status
/// in a file, since neither the queue nor accounting can be trusted to remember it.
///
/// ```
/// attempts/000012/
///   ticket.json  job.sh
///   stop               the engine has asked the job to end
///   runs/17.0/         what the first execution of job 17 wrote: events, exit, out/, tmp/
///   runs/17.1/         after a requeue, possibly while the first one lives on elsewhere
///   parts/3/           one part of a sharded stage, laid out like the folder of an attempt
/// ```
struct SlurmScript {
  /// Of this program, on every node.
  var executable: String
  /// Of the attempt.
  var folder: String
  /// One task per part, in `parts/TASK`.
  var isArray = false
  /// Attempts that are tasks of one array; none: the one in `folder`.
  var tasks: [Task] = []

  struct Task {
    var folder: String
    var log: String
  }

  /// How long before a time limit the job is told: enough for a checkpoint, and well below the
  /// limit, since a job that is told at its start would never get anywhere.
  private static func noticeSeconds(_ options: [String]) -> Int {
    let minutes = options.last { $0.hasPrefix("--time=") }.flatMap { Int($0.dropFirst(7)) }
    return minutes.map { min(120, $0 * 15) } ?? 120
  }

  var text: String {
    let own = isArray ? "\(folder)/parts/$SLURM_ARRAY_TASK_ID" : folder
    let stop = tasks.isEmpty ? "\(folder)/stop" : "$own/stop"
    let choice =
      tasks.isEmpty
      ? "own=\"\(own)\""
      : "case $SLURM_ARRAY_TASK_ID in\n"
        + tasks.enumerated().map { index, task in
          "\(index)) own=\(Self.quoted(task.folder)) log=\(Self.quoted(task.log)) ;;\n"
        }.joined() + "esac\nexec >>\"$log\" 2>&1"
    // USR1 comes before the time limit (--signal): then the job asks for another turn. TERM means
    // that somebody wants it to end.
    return """
      #!/bin/sh
      \(choice)
      [ -e "$own/ticket.json" ] || exit 0
      run="$own/runs/$SLURM_JOB_ID.${SLURM_RESTART_COUNT:-0}"
      mkdir -p "$run" || exit 74
      \(Self.quoted(executable)) exec-stage --ticket "$own/ticket.json" --run-folder "$run" &
      child=$!
      turn=
      trap 'kill -TERM "$child" 2>/dev/null' TERM
      trap 'turn=again; kill -TERM "$child" 2>/dev/null' USR1
      while wait "$child"; status=$?; kill -0 "$child" 2>/dev/null; do :; done
      if [ "$turn" = again ] && [ "$status" = 130 ] && [ ! -e "\(stop)" ]; then
        job=$SLURM_JOB_ID
        [ -n "$SLURM_ARRAY_JOB_ID" ] && job="${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
        scontrol requeue "$job" && exit 0
      fi
      printf '%s\\n' "$status" > "$run/exit.new" && mv "$run/exit.new" "$run/exit"
      exit "$status"

      """
  }

  /// For /bin/sh, whatever it holds.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// What `sbatch` is told beside the script.
  ///
  /// - Parameters:
  ///   - name: by which an engine finds jobs of one that died.
  ///   - own: of the stage; wins over what is derived.
  static func options(name: String, ticket: Ticket, log: String, own: [String]) -> [String] {
    var options = [
      "--job-name=\(name)", "--output=\(escaped(log))", "--open-mode=append", "--requeue",
      "--nodes=1", "--ntasks=1", "--cpus-per-task=\(ticket.threads)",
      "--signal=B:USR1@\(noticeSeconds(own))", "--chdir=\(ticket.folder)",
    ]
    for option in own {
      let name = option.prefix { $0 != "=" }
      options.removeAll { $0.prefix { $0 != "=" } == name }
      options.append(option)
    }
    return options
  }

  /// `sbatch` replaces `%j` and its like in names of files.
  private static func escaped(_ path: String) -> String {
    path.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }
}
