import Disk
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// The commands of the README, run as they stand there but for where the store lies.
@Suite struct ReadmeTests {
    @Test func `the demo's bug is found, mended and proved as the README says`() throws {
        let directory = TemporaryDirectory()
        let store = directory.path + "/billing.store"
        var lines = try Self.block(containing: ".bin/demo --store")
            .map { $0.replacing("/tmp/billing.store", with: store) }
        #expect(lines.removeFirst() == ".bin/demo --store \(store)")
        #expect(lines.removeFirst().hasPrefix("alias recount="))
        #expect(lines.removeLast() == "rm -r \(store)")
        let demo = try Program([
            "demo", "--headless", "--store", store, "--events", "3000", "--rate", "50",
        ])
        let isShown = wait(until: { demo.messages.contains("running in") })
        #expect(isShown)
        // The bug shows once a refund has been handled.
        let query = try #require(lines.first { $0.contains("revenue-check.sql") })
        let isWrong = try wait {
            Self.sums(in: try DocumentShell.run(["\(query) || true"], in: DocumentShell.root))
                .contains { $0[0] != $0[1] }
        }
        #expect(isWrong)
        let output = try DocumentShell.run(lines, in: DocumentShell.root)
        demo.send(SIGINT)
        #expect(demo.end().status == 0)
        let sums = Self.sums(in: output)
        try #require(sums.count == 2, "The query is asked twice.")
        #expect(sums[0][0] != sums[0][1])
        #expect(sums[1][0] == sums[1][1])
        #expect(output.contains("# BUG refunds-counted-as-revenue"))
        #expect(output.contains("refunds were counted as revenue"))
    }

    @Test func `a store of one's own is made, filled, run and asked as the README says`() throws {
        let directory = TemporaryDirectory()
        let model = DocumentShell.root + "/Tests/DomainModelTests/Models/online-retail.yaml"
        let event = """
            {"specversion":"1.0","id":"536365","source":"urn:shop","type":"OrderInvoiced",\
            "subject":"customer-17850","time":"2010-12-01T08:26:00+00:00",\
            "datacontenttype":"application/json","data":{"invoiceNo":"536365","country":"Italy",\
            "totalMills":15300,"lines":[{"sku":"85123A","description":"LIGHT","qty":6,"unitPrice":2.55}]}}
            """
        let preparation = [
            "cp '\(model)' recount.yaml",
            "cat <<'END' | gzip > events.ndjson.gz\n\(event)\nEND",
        ]
        let lines = try Self.block(containing: "recount init shop.store").map { line in
            // Without a terminal the console says so, with the status of wrong usage.
            line.hasPrefix("recount console") ? line + " || test $? = 2" : line
        }
        let output = try DocumentShell.run(preparation + lines, in: directory.path)
        #expect(output.contains("1 events added"))
        #expect(output.contains("netMills: 15300"))
    }

    @Test func `the domain in 25 lines is the example, and answers as the README says`() throws {
        let example = try DocumentShell.text(of: "Sources/Example/main.swift")
        #expect(try DocumentShell.text(of: "README.md").contains("```swift\n\(example)```\n"))
        #expect(example.split(separator: "\n", omittingEmptySubsequences: false).count <= 26)
        let program = try #require(Program.path(of: "Example"))
        let directory = TemporaryDirectory()
        let output = try DocumentShell.run(
            ["swift() { shift 3; '\(program)' \"$@\"; }"]
                + Self.block(containing: "swift run --quiet Example"),
            in: directory.path
        )
        let lines = output.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        #expect(lines.contains("appended: position 2, sequence 1 of cart-1"), "\(output)")
        #expect(lines.contains("Example: error: rejected: isCheckedOut"))
        #expect(lines.suffix(3).contains("isCheckedOut: false"))
        #expect(lines.suffix(3).contains("totalCents: 1250"))
        #expect(lines.contains("refused"))
        let commands = try DocumentShell.run(
            ["recount commands cart.store --json"],
            in: directory.path
        )
        let rows = try commands.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(rows.compactMap { $0["command"]?.string } == ["add", "checkOut"])
        #expect(rows.compactMap { $0["count"]?.integer } == [1, 2])
        for row in rows {
            let longest = try #require(row["maximumMicroseconds"]?.integer)
            #expect(longest > 0 && row["p99Microseconds"]?.integer ?? .max <= longest)
        }
    }

    /// The lines of an output that are two numbers.
    private static func sums(in output: String) -> [[Int64]] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            let numbers = words.compactMap { Int64($0) }
            return words.count == 2 && numbers.count == 2 ? numbers : nil
        }
    }

    /// The lines of the README's shell block that contains a text.
    private static func block(containing text: String) throws -> [String] {
        let blocks = try DocumentShell.blocks("sh", of: "README.md")
        return try #require(blocks.first { $0.contains { $0.contains(text) } })
    }
}
