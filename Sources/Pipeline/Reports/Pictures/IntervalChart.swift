/// Differences with their confidence intervals, a row each, and the line of no difference.
package struct IntervalChart: Sendable {
  package struct Row: Sendable {
    package var label: String
    package var interval: GateScore.Interval

    package init(label: String, interval: GateScore.Interval) {
      self.label = label
      self.interval = interval
    }
  }

  package var title: String
  package var rows: [Row]

  package init(title: String, rows: [Row]) {
    self.title = title
    self.rows = rows
  }

  private static let width = 720
  private static let (labels, right, top, step) = (300.0, 24.0, 44.0, 28.0)

  /// Nil where there is nothing to draw. An interval without zero is drawn in the colour of its side.
  package var svg: String? {
    let ends = rows.flatMap { [$0.interval.lower, $0.interval.upper, $0.interval.value] }
    guard let low = ends.min(), let high = ends.max(), !rows.isEmpty else { return nil }
    let room = max((max(high, 0) - min(low, 0)) * 0.05, 1e-6)
    let range = (min(low, 0) - room)...(max(high, 0) + room)
    func place(_ value: Double) -> Double {
      Self.labels + (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        * (Double(Self.width) - Self.labels - Self.right)
    }
    let bottom = Self.top + Double(rows.count) * Self.step
    var body = [SVG.text(title, x: 16, y: 22, size: 14, color: "#1f2328")]
    for tick in SVG.ticks(range, count: 6) {
      body.append(SVG.line(place(tick), Self.top, place(tick), bottom, color: "#d8dee4"))
      body.append(
        SVG.text(
          FigureText.signed(tick), x: place(tick), y: bottom + 16, anchor: "middle", size: 11))
    }
    body.append(SVG.line(place(0), Self.top, place(0), bottom, color: "#57606a", dash: "4 3"))
    for (index, row) in rows.enumerated() {
      let y = Self.top + (Double(index) + 0.5) * Self.step
      let interval = row.interval
      let color = interval.lower > 0 ? "#1a7f37" : interval.upper < 0 ? "#cf222e" : "#9a6700"
      body.append(
        SVG.text(
          Self.shortened(row.label), x: Self.labels - 12, y: y + 4, anchor: "end",
          color: "#1f2328"))
      body.append(
        SVG.line(place(interval.lower), y, place(interval.upper), y, color: color, width: 2))
      for end in [interval.lower, interval.upper] {
        body.append(SVG.line(place(end), y - 5, place(end), y + 5, color: color, width: 2))
      }
      body.append(
        "<circle cx=\"\(SVG.coordinate(place(interval.value)))\" cy=\"\(SVG.coordinate(y))\" "
          + "r=\"4\" fill=\"\(color)\"/>")
    }
    return SVG.picture(width: Self.width, height: Int(bottom) + 28, title: title, body)
  }

  private static func shortened(_ text: String) -> String {
    text.count > 44 ? text.prefix(43) + "…" : text
  }
}
