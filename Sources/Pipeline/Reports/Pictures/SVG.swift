/// Pieces of SVG, the same text for the same numbers.
enum SVG {
  /// At most two decimals, none where there is nothing to tell.
  static func coordinate(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
  }

  static func text(
    _ text: String, x: Double, y: Double, anchor: String = "start", size: Int = 12,
    color: String = "#57606a"
  ) -> String {
    "<text x=\"\(coordinate(x))\" y=\"\(coordinate(y))\" text-anchor=\"\(anchor)\" "
      + "font-size=\"\(size)\" fill=\"\(color)\">\(CIReport.attribute(text))</text>"
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String, width: Double = 1,
    dash: String? = nil
  ) -> String {
    "<line x1=\"\(coordinate(x1))\" y1=\"\(coordinate(y1))\" x2=\"\(coordinate(x2))\" "
      + "y2=\"\(coordinate(y2))\" stroke=\"\(color)\" stroke-width=\"\(coordinate(width))\""
      + (dash.map { " stroke-dasharray=\"\($0)\"" } ?? "") + "/>"
  }

  /// A whole picture on a white ground, readable on dark pages too.
  static func picture(width: Int, height: Int, title: String, _ body: [String]) -> String {
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
      + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" role=\"img\">"
    return
      ([
        head, "<title>\(CIReport.attribute(title))</title>",
        "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
      ] + body + ["</svg>", ""]).joined(separator: "\n")
  }

  /// Round values that cut `range` into at most `count` parts.
  static func ticks(_ range: ClosedRange<Double>, count: Int) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return [range.lowerBound] }
    var step = 1.0
    while step > span { step /= 10 }
    while step * 10 <= span { step *= 10 }
    step /= 10
    for factor in [1.0, 2, 5, 10, 20, 50] where span / (step * factor) <= Double(count) {
      step *= factor
      break
    }
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }
}
