import Disk
import Glibc
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// A year of a web shop, which lies beside the package or where `RECOUNT_TEST_DATA` says.
enum RealData {
    static let directory: String = {
        getenv("RECOUNT_TEST_DATA").map { String(cString: $0) }
            ?? DocumentShell.root + "/../shared/data"
    }()

    static let isThere = access(directory + "/online-retail.truth.json", R_OK) == 0

    static func truth() throws -> JSONValue {
        let file = try RealDisk().open(directory + "/online-retail.truth.json", writable: false)
        return try JSONValue(parsing: try file.read(0..<file.size()))
    }
}

@Test("tables at the ends of months are as computed without us", .enabled(if: RealData.isThere))
func monthEnds() throws {
    let directory = TemporaryDirectory()
    let store = directory.path + "/shop.store"
    let model = DocumentShell.root + "/Tests/DomainModelTests/Models/online-retail.yaml"
    #expect(try Program.run("init", store, "--model", model).status == 0)
    let file = RealData.directory + "/online-retail.ndjson.gz"
    #expect(try Program.run("import", store, file).status == 0)
    let truth = try RealData.truth()
    let days = try #require(truth["count_by_utc_day"]?.object)
    let sales = try #require(truth["net_mills_by_country_and_utc_month"]?.object)
    for month in ["2010-12", "2011-04", "2011-11"] {
        // The events lie in the order of their times.
        let count = days.members.filter { $0.key.prefix(7) <= month }
            .reduce(0) { $0 + ($1.value.integer ?? 0) }
        var expected: [String: Int64] = [:]
        for member in sales.members {
            let parts = member.key.split(separator: "|").map(String.init)
            if parts[1] <= month { expected[parts[0], default: 0] += member.value.integer ?? 0 }
        }
        let shown = try Program.run(
            "table",
            store,
            "sales-by-country",
            "sales",
            "--as-of",
            String(count),
            "--json"
        )
        let rows = try shown.objects().map { row in
            (row["country"]?.string ?? "", row["netMills"]?.integer ?? .min)
        }
        #expect(Dictionary(uniqueKeysWithValues: rows) == expected, "\(month)")
        // Back from the head, over more than is remembered at the beginning.
        let stepped = try Program(
            ["step", store, "sales-by-country", "--at", "head", "--rows", "0", "--json"],
            input: "to \(count)\nquery SELECT country, netMills FROM sales ORDER BY country\n"
        )
        .end().objects().dropFirst()
        #expect(stepped.map { $0["country"]?.string ?? "" } == expected.keys.sorted())
        #expect(
            stepped.allSatisfy { expected[$0["country"]?.string ?? ""] == $0["netMills"]?.integer }
        )
    }
}
