import Testing
import YAML

struct ParsingTests {
    @Test func `knows the place and style of every node`() throws {
        let text = """
            # A comment.
            plain: a value
            quoted: "5"
            'single': '5'
            literal: |
              SELECT 1
                FROM t
            folded: >
              one
              two
            list:
              - 1
              -  true
            flow: { a: [x, ~], ü: "é" }
            empty:
            """
        let root = try YAMLNode(parsing: text)
        #expect(root.line == 2)
        #expect(root.column == 1)
        let entries = try #require(root.mapping)
        #expect(
            entries.map(\.name) == [
                "plain", "quoted", "single", "literal", "folded", "list", "flow", "empty",
            ]
        )
        #expect(entries.map(\.key.line) == [2, 3, 4, 5, 8, 11, 14, 15])
        #expect(entries.map(\.key.column).allSatisfy { $0 == 1 })
        #expect(root["plain"]?.content == .scalar("a value", style: .plain))
        #expect(root["plain"]?.column == 8)
        #expect(root["quoted"]?.content == .scalar("5", style: .quoted))
        #expect(root["single"]?.content == .scalar("5", style: .quoted))
        #expect(root["literal"]?.content == .scalar("SELECT 1\n  FROM t\n", style: .literal))
        #expect(root["literal"]?.line == 5)
        #expect(root["literal"]?.textLine == 6)
        #expect(root["folded"]?.content == .scalar("one two\n", style: .folded))
        #expect(root["list"]?.sequence?.map(\.line) == [12, 13])
        #expect(root["list"]?.sequence?.map(\.column) == [5, 6])
        #expect(root["flow"]?["a"]?.sequence?.last?.isNull == true)
        #expect(root["flow"]?["ü"]?.column == 23)
        #expect(root["empty"]?.isNull == true)
    }

    @Test func `reads numbers and truth values only without quotes`() throws {
        let root = try YAMLNode(
            parsing: """
                [5, -7, "5", 1.5, 1e3, true, False, "true", yes, \
                9223372036854775808, 0x10, nan, '', +3]
                """
        )
        let elements = try #require(root.sequence)
        let integers: [Int64?] = [5, -7, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, 3]
        #expect(elements.map(\.integer) == integers)
        #expect(elements.map(\.double).prefix(5) == [5, -7, nil, 1.5, 1000])
        #expect(elements[11].double == nil)
        #expect(elements.map(\.boolean)[5...8] == [true, false, nil, nil])
        #expect(elements.map(\.isNull).contains(true) == false)
        #expect(elements.map(\.string).prefix(3) == ["5", "-7", "5"])
    }

    @Test func `replaces aliases by what they name`() throws {
        let root = try YAMLNode(parsing: "a: &x [1, 2]\nb: *x\nc: &x 3\nd: *x\n")
        #expect(root["b"] == root["a"])
        #expect(root["b"]?.line == 1)
        #expect(root["d"]?.integer == 3)
    }

    @Test func `reads the model of a domain with its places`() throws {
        let root = try YAMLNode(parsing: domainModel)
        #expect(root["recount"]?.integer == 1)
        let customer = try #require(root["aggregates"]?["customer"])
        #expect(customer.line == 4)
        #expect(customer["initial"]?["netMills"]?.integer == 0)
        let rule = try #require(customer["on"]?["OrderInvoiced"])
        #expect(rule.line == 6)
        #expect(rule.column == 22)
        #expect(rule.textLine == 7)
        #expect(
            rule.string?.hasPrefix("json_set(:state, '$.orders', (:state ->> 'orders') + 1,")
                == true
        )
        #expect(customer["snapshot"]?["every"]?.integer == 50)
        let projection = try #require(root["projections"]?["sales-by-country"])
        let table = try #require(projection["tables"]?.sequence?.first)
        #expect(table.line == 13)
        #expect(table.column == 9)
        #expect(
            table.string
                == "CREATE TABLE sales (country TEXT PRIMARY KEY, netMills INTEGER NOT NULL)"
        )
        let handler = try #require(projection["on"]?.mapping?.first)
        #expect(handler.name == "OrderInvoiced, OrderCancelled")
        #expect(handler.key.line == 15)
        #expect(
            handler.value.sequence?.first?.string == """
                INSERT INTO sales VALUES (:data ->> 'country', :data ->> 'totalMills') \
                ON CONFLICT DO UPDATE SET netMills = netMills + excluded.netMills
                """
        )
        let upcaster = try #require(root["upcasters"]?.sequence?.first)
        #expect(upcaster["from"]?.integer == 1)
        #expect(upcaster["data"]?.string == "json_set(:data, '$.reason', 'unknown')")
        #expect(root["objectives"]?["rpo"]?.string == "15m")
        #expect(root["objectives"]?["lag"]?["critical"]?.integer == 10_000)
    }

    private let domainModel = """
        recount: 1
        aggregates:
          customer:                                   # a category
            initial: { orders: 0, netMills: 0 }
            on:                                       # an SQL expression that returns the new state
              OrderInvoiced: >
                json_set(:state, '$.orders', (:state ->> 'orders') + 1,
                                 '$.netMills', (:state ->> 'netMills') + (:data ->> 'totalMills'))
            snapshot: { every: 50 }
        projections:
          sales-by-country:                           # a processing group with its own database
            tables:
              - CREATE TABLE sales (country TEXT PRIMARY KEY, netMills INTEGER NOT NULL)
            on:
              OrderInvoiced, OrderCancelled:          # "*" = every type
                - INSERT INTO sales VALUES (:data ->> 'country', :data ->> 'totalMills')
                  ON CONFLICT DO UPDATE SET netMills = netMills + excluded.netMills
        upcasters:
          - { event: SubscriptionSuspended, from: 1, to: 2, data: "json_set(:data, '$.reason', 'unknown')" }
        objectives: { rpo: 15m, rto: 2h, drill: 90d, lag: { warning: 1000, critical: 10000 } }
        """
}
