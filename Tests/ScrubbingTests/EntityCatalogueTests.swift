import Foundation
import Scrubbing
import Testing

@Suite struct EntityCatalogueTests {
  @Test("every entity has one row and the page shows the table as it is")
  func page() throws {
    let rows = EntityCatalogue.all.map(\.entity)
    #expect(Set(rows).count == rows.count)
    #expect(Set(rows).isSubset(of: Set(Entity.known)))
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let data = try #require(FileManager.default.contents(atPath: "/\(folder)/../../docs/pii.md"))
    let page = String(decoding: data, as: UTF8.self)
    #expect(
      page.contains(EntityCatalogue.markdown),
      "docs/pii.md is out of step: replace its table by EntityCatalogue.markdown")
  }
}
