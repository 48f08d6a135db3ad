import Disk
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// The commands of the README, run as they stand there but for where the store lies.
@Suite struct ReadmeTests {
    private static let root: String = {
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    }()

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
            Self.sums(in: try Self.shell(["\(query) || true"], in: Self.root))
                .contains { $0[0] != $0[1] }
        }
        #expect(isWrong)
        let output = try Self.shell(lines, in: Self.root)
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
        let model = Self.root + "/Tests/DomainModelTests/Models/online-retail.yaml"
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
        let output = try Self.shell(preparation + lines, in: directory.path)
        #expect(output.contains("1 events added"))
        #expect(output.contains("netMills: 15300"))
    }

    @Test func `the domain in 25 lines is the example, and answers as the README says`() throws {
        let example = try Self.text(of: "Sources/Example/main.swift")
        #expect(try Self.text(of: "README.md").contains("```swift\n\(example)```\n"))
        #expect(example.split(separator: "\n", omittingEmptySubsequences: false).count <= 26)
        let program = try #require(Program.path(of: "Example"))
        let directory = TemporaryDirectory()
        let output = try Self.shell(
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
        let commands = try Self.shell(["recount commands cart.store --json"], in: directory.path)
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

    private static func text(of path: String) throws -> String {
        let file = try RealDisk().open(root + "/" + path, writable: false)
        return String(decoding: try file.read(0..<file.size()), as: UTF8.self)
    }

    /// The lines of the README's shell block that contains a text.
    private static func block(containing text: String) throws -> [String] {
        let blocks = try Self.text(of: "README.md").split(separator: "```sh\n").dropFirst()
            .compactMap { $0.split(separator: "\n```").first }
        let block = try #require(blocks.first { $0.contains(text) })
        return block.split(separator: "\n").map(String.init)
    }

    /// Runs lines in a shell in which `recount` is the built program; what it prints.
    private static func shell(_ lines: [String], in directory: String) throws -> String {
        let program = try #require(Program.path)
        let script =
            ["set -eu", "cd '\(directory)'", "recount() { '\(program)' \"$@\"; }"] + lines
        let path = TemporaryDirectory()
        let file = try RealDisk().create(path.path + "/script", size: 0)
        try file.write(Array(script.joined(separator: "\n").utf8).span.bytes, at: 0)
        let pipe = try #require(popen("bash '\(path.path)/script' 2>&1 </dev/null", "r"))
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        let text = String(decoding: output, as: UTF8.self)
        let status = pclose(pipe)
        #expect(status == 0, "\(text)")
        return text
    }
}
