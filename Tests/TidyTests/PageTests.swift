import Testing

@Suite struct PageTests {
    @Test func `every link between pages leads somewhere`() throws {
        let pages = try Page.all()
        #expect(pages.count > 10)
        expectNone(brokenLinks(in: pages, files: Set(pages.map(\.path))))
    }

    @Test func `names of pages are unique`() throws {
        let names = try Page.all().map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `the first page leads to every other`() throws {
        let pages = try Page.all()
        let first = try #require(pages.first { $0.name == "Recount" })
        let listed = Set(first.references.map(\.name))
        #expect(pages.map(\.name).filter { $0 != "Recount" && !listed.contains($0) } == [])
    }

    @Test func `broken links are found`() {
        let pages = [
            Page(path: "Docs/One.md", text: "see <doc:Two>\nand <doc:Three> and [a](Two.md)"),
            Page(path: "Docs/Two.md", text: "[b](../Docs/One.md#top)\n[c](Four.md) [d](http://e)"),
        ]
        let findings = brokenLinks(in: pages, files: ["Docs/One.md", "Docs/Two.md"])
        #expect(findings.map { "\($0.path):\($0.line)" } == ["Docs/One.md:2", "Docs/Two.md:2"])
    }
}

private func brokenLinks(in pages: [Page], files: Set<String>) -> [Finding] {
    let names = Set(pages.map(\.name))
    return pages.flatMap { page in
        let references = page.references.filter { !names.contains($0.name) }
            .map { Finding(path: page.path, line: $0.line + 1, message: "No page \($0.name).") }
        let links = page.relativeLinks.filter { !files.contains(resolve($0.path, from: page.path)) }
            .map { Finding(path: page.path, line: $0.line + 1, message: "No file \($0.path).") }
        return references + links
    }
}

/// The path that a relative one means in a file.
private func resolve(_ link: String, from path: String) -> String {
    var parts = path.split(separator: "/").dropLast()
    for part in link.split(separator: "/") where part != "." {
        if part == ".." { parts = parts.dropLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
}
