internal import Documents
internal import StageKit

/// `executor:` and `slurm:`.
extension PipelineSchema {
  static let executor: JSONValue = .object([
    "description": "Where stages run: this machine, or a Slurm cluster that shares its files.",
    "enum": .array(ExecutorRequest.Kind.allCases.map { .string($0.rawValue) }),
  ])

  static let slurm: JSONValue = .object([
    "description": "Options of sbatch.", "type": "object", "additionalProperties": false,
    "properties": .object(
      SpecReader.slurmNames.map { JSONMember($0, text("As sbatch --\($0).")) } + [
        JSONMember("time", duration("Limit of the job, in whole minutes: 30m, 2h.")),
        JSONMember(
          "options",
          .object([
            "description": "Further options as sbatch takes them: --nice=100.", "type": "array",
            "items": text("Starts with --."),
          ])),
      ]),
  ])
}
