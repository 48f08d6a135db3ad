/// A page of the documentation.
struct Page {
    /// The path in the repository.
    let path: String
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static let folder = "Sources/Recount/Recount.docc"

    /// All pages.
    static func all() throws -> [Page] {
        try Repository.files(below: folder, ending: [".md"])
            .map { Page(path: $0, text: try Repository.text(of: $0)) }
    }

    /// The page with a name.
    static func named(_ name: String) throws -> Page? {
        try all().first { $0.name == name }
    }

    /// The name by which other pages refer to it.
    var name: String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.split(separator: ".").first ?? "")
    }

    /// The pages it refers to, with the indexes of the lines.
    var references: [(line: Int, name: String)] {
        lines.enumerated().flatMap { index, line in
            line.matches(of: /<doc:([^>]*)>/).map { (index, String($0.1)) }
        }
    }

    /// The files it links to by relative paths, with the indexes of the lines.
    var relativeLinks: [(line: Int, path: String)] {
        lines.enumerated().flatMap { index, line in
            line.matches(of: /\]\(([^)#]+)[^)]*\)/).map { (index, String($0.1)) }
                .filter { !$0.1.contains("://") }
        }
    }

    /// The cells of the first table after a heading, without its first two rows.
    func table(after heading: String) -> [[String]] {
        let section = lines.drop { $0 != "## " + heading }.dropFirst()
            .prefix { !$0.hasPrefix("## ") }
        let rows = section.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return rows.dropFirst(2).map { row in
            row.split(separator: "|").map { cell in
                String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
        }
    }
}
