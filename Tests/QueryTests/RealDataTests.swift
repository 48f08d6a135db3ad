import EventLog
import EventModel
import EventStorage
import JSON
import Operations
import SQLiteDatabase
import Testing

/// A question of the truth file in SQL, which gives one row or one column.
private struct RealQuestion: CustomTestStringConvertible {
    let question: String
    let sql: String

    var testDescription: String { question }

    static let all: [RealQuestion] = [
        RealQuestion(
            question: "type = OrderCancelled and data.country = 'Germany'",
            sql: """
                SELECT position FROM events
                WHERE type = 'OrderCancelled' AND data ->> 'country' = 'Germany'
                """
        ),
        RealQuestion(
            question: "data.totalMills > 5000000",
            sql: """
                SELECT data ->> 'invoiceNo' FROM events
                WHERE data ->> 'totalMills' > 5000000 ORDER BY position
                """
        ),
        RealQuestion(
            question: "data.totalMills = 0 (sales events)",
            sql: "SELECT position FROM events WHERE data ->> 'totalMills' = 0"
        ),
        RealQuestion(
            question: "subject = 'guest-united-kingdom' and time in "
                + "[2011-11-01T00:00:00Z, 2011-12-01T00:00:00Z)",
            sql: """
                SELECT position FROM events WHERE stream = 'guest-united-kingdom'
                AND time >= '2011-11-01T00:00:00Z' AND time < '2011-12-01T00:00:00Z'
                """
        ),
        RealQuestion(
            question: "number of lines >= 500",
            sql: """
                SELECT data ->> 'invoiceNo' FROM events
                WHERE json_array_length(data, '$.lines') >= 500 ORDER BY position
                """
        ),
        RealQuestion(
            question: "StockAdjusted with data.reason = null",
            sql: """
                SELECT position FROM events
                WHERE type = 'StockAdjusted' AND json_type(data, '$.reason') = 'null'
                """
        ),
        RealQuestion(
            question: "customers with data in more than one country",
            sql: """
                SELECT stream FROM events WHERE category = 'customer'
                GROUP BY stream HAVING count(DISTINCT data ->> 'country') > 1 ORDER BY stream
                """
        ),
    ]
}

@Suite(.enabled(if: RealData.isPresent))
struct RealDataTests {
    /// A store with the orders, which the tests only read.
    private static let shop = Result {
        let fixture = try Fixture()
        _ = try EventImporter(into: fixture.store).run([.file(RealData.path)])
        return fixture
    }

    @Test(arguments: RealQuestion.all)
    private func `answers what is known`(_ question: RealQuestion) throws {
        let queries = try #require(try RealData.truth()["queries"]?.array)
        let known = try #require(queries.first { $0["q"]?.string == question.question })
        let found = try RealDataTests.shop.get().rows(
            question.sql,
            limits: QueryLimits(timeMilliseconds: nil)
        )
        if let count = known["count"]?.integer { #expect(found.count == Int(count)) }
        if let names = (known["ids"] ?? known["streams"])?.array {
            #expect(found.map(\.[0]) == names.map { .text($0.string ?? "") })
        }
    }

    @Test func `every question of the truth file is asked`() throws {
        let queries = try #require(try RealData.truth()["queries"]?.array)
        #expect(Set(queries.map { $0["q"]?.string }) == Set(RealQuestion.all.map(\.question)))
    }

    @Test func `counts by type and month`() throws {
        let known = try #require(try RealData.truth()["count_by_type_and_utc_month"]?.object)
        let found = try RealDataTests.shop.get().rows(
            """
            SELECT type || '|' || substr(time, 1, 7), count(*) FROM events GROUP BY 1 ORDER BY 1
            """
        )
        let expected = known.members.map {
            [SQLiteValue.text($0.key), .integer($0.value.integer ?? -1)]
        }
        #expect(Set(found) == Set(expected) && found.count == expected.count)
    }
}
