internal import Documents
internal import GRDB
package import Reproducibility
internal import StageKit

/// What a person said of a stage that awaited approval.
package struct ApprovalRecord: Sendable, Hashable {
  package enum Decision: String, Sendable, Hashable, CaseIterable {
    case approved, rejected
  }

  package var run: Int64
  package var stage: String
  /// Of what was looked at: another fingerprint is asked for again.
  package var fingerprint: Digest
  package var decision: Decision
  /// The user's name on this machine.
  package var who: String
  package var note: String?
  /// Seconds since 1970.
  package var decided: Double

  package init(
    run: Int64, stage: String, fingerprint: Digest, decision: Decision, who: String, note: String?,
    decided: Double
  ) {
    self.run = run
    self.stage = stage
    self.fingerprint = fingerprint
    self.decision = decision
    self.who = who
    self.note = note
    self.decided = decided
  }

  /// Who, and why if they said so, for the event.
  var detail: [JSONMember] {
    var members = [JSONMember("by", .string(who))]
    if let note { members.append(JSONMember("note", .string(note))) }
    return members
  }
}

extension RunStore {
  /// Records a decision, the result it makes, and the move of the job, in one transaction that
  /// survives a loss of power: a lost refusal would be wrong.
  ///
  /// - Throws: ``Failure`` of class `internal` when the job awaits no approval.
  package func decide(_ approval: ApprovalRecord, on job: JobRecord, result: ResultRecord, seq: Int)
    throws -> RunEvent
  {
    let isApproved = approval.decision == .approved
    let sentence = approval.note.map { ": \($0)" } ?? ""
    let move = Move(
      isApproved ? .approvalGiven : .approvalDenied, fingerprint: approval.fingerprint,
      cause: "\(approval.decision.rawValue) by \(approval.who)\(sentence)",
      detail: approval.detail)
    return try write(.full) { db in
      try db.execute(
        sql: """
          INSERT INTO approval (run, stage, fingerprint, decision, who, note, decided)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          approval.run, approval.stage, approval.fingerprint.hex, approval.decision.rawValue,
          approval.who, approval.note, approval.decided,
        ])
      try insert(result, at: approval.decided, db)
      return try self.move(job, move, seq: seq, at: approval.decided, db).0
    }
  }

  /// In the order in which they were made.
  package func approvals(ofRun run: Int64) throws -> [ApprovalRecord] {
    try read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM approval WHERE run = ? ORDER BY id", arguments: [run])
    }.compactMap { row in
      guard let fingerprint = Column.digest(row["fingerprint"]),
        let decision = ApprovalRecord.Decision(rawValue: row["decision"])
      else { return nil }
      return ApprovalRecord(
        run: row["run"], stage: row["stage"], fingerprint: fingerprint, decision: decision,
        who: row["who"], note: row["note"], decided: row["decided"])
    }
  }

  /// The token of the engine that took the project over last.
  package func currentToken() throws -> Int64 {
    try read { try Int64.fetchOne($0, sql: "SELECT token FROM engine") } ?? 0
  }
}
