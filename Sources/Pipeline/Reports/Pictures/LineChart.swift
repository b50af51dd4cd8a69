/// Values over steps, a line for each series.
package struct LineChart: Sendable {
  package struct Series: Sendable {
    package var name: String
    package var points: [(x: Double, y: Double)]

    package init(_ name: String, _ points: [(x: Double, y: Double)]) {
      self.name = name
      self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }
  }

  package var title: String
  package var series: [Series]

  package init(title: String, series: [Series]) {
    self.title = title
    self.series = series.filter { !$0.points.isEmpty }
  }

  private static let colors = ["#0969da", "#cf222e", "#1a7f37", "#8250df"]
  private static let (width, height) = (720, 320)
  private static let (left, right, top, bottom) = (64.0, 16.0, 40.0, 36.0)
  /// Points of a line that are drawn; of more, the least and the greatest of each part.
  private static let pointsMax = 600

  /// Nil where there is nothing to draw.
  package var svg: String? {
    let all = series.flatMap(\.points)
    guard let x = Self.range(all.map(\.x)), let y = Self.range(all.map(\.y)) else { return nil }
    func placeX(_ value: Double) -> Double {
      Self.left + (value - x.lowerBound) / (x.upperBound - x.lowerBound)
        * (Double(Self.width) - Self.left - Self.right)
    }
    func placeY(_ value: Double) -> Double {
      Double(Self.height) - Self.bottom - (value - y.lowerBound) / (y.upperBound - y.lowerBound)
        * (Double(Self.height) - Self.top - Self.bottom)
    }
    var body = [SVG.text(title, x: Self.left, y: 20, size: 14, color: "#1f2328")]
    for tick in SVG.ticks(y, count: 6) {
      let at = placeY(tick)
      body.append(SVG.line(Self.left, at, Double(Self.width) - Self.right, at, color: "#d8dee4"))
      body.append(
        SVG.text(FigureText.number(tick), x: Self.left - 6, y: at + 4, anchor: "end", size: 11))
    }
    for tick in SVG.ticks(x, count: 8) {
      body.append(
        SVG.text(
          FigureText.number(tick), x: placeX(tick), y: Double(Self.height) - Self.bottom + 16,
          anchor: "middle", size: 11))
    }
    body.append(
      SVG.text(
        "step", x: Double(Self.width) - Self.right, y: Double(Self.height) - 6, anchor: "end",
        size: 11))
    for (index, one) in series.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      let points = Self.thinned(one.points).map {
        "\(SVG.coordinate(placeX($0.x))),\(SVG.coordinate(placeY($0.y)))"
      }
      if points.count == 1 {
        let place = points[0].split(separator: ",")
        body.append("<circle cx=\"\(place[0])\" cy=\"\(place[1])\" r=\"3\" fill=\"\(color)\"/>")
      } else {
        body.append(
          "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\" "
            + "points=\"\(points.joined(separator: " "))\"/>")
      }
      let column = Self.left + Double(index) * 160
      body.append(SVG.line(column, 31, column + 18, 31, color: color, width: 2))
      body.append(SVG.text(one.name, x: column + 24, y: 35, size: 11))
    }
    return SVG.picture(width: Self.width, height: Self.height, title: title, body)
  }

  /// With some room where all values are one.
  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    if low < high { return low...high }
    let room = max(abs(low) * 0.1, 1e-6)
    return (low - room)...(high + room)
  }

  /// Keeps the shape: of each part of the points the least and the greatest, in their order.
  static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count > pointsMax else { return points }
    let parts = pointsMax / 2
    return (0..<parts).flatMap { part -> [(x: Double, y: Double)] in
      let piece = points[(part * points.count / parts)..<((part + 1) * points.count / parts)]
      guard let low = piece.indices.min(by: { piece[$0].y < piece[$1].y }),
        let high = piece.indices.max(by: { piece[$0].y < piece[$1].y })
      else { return [] }
      return low == high ? [piece[low]] : [piece[min(low, high)], piece[max(low, high)]]
    }
  }
}
