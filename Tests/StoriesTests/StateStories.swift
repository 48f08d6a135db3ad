import Glibc
import JSON
import ProgramFixture
import Testing

/// Time travel from the command line, by rules of the store's own model.
@Suite struct StateStories {
    private func shop() throws -> StoryStore {
        let store = try StoryStore.shop()
        try store.append("stock-A1", "StockAdjusted", #"{"delta":-3,"reason":"broken"}"#)
        let orders = [
            ("OrderInvoiced", 1500, 2), ("OrderInvoiced", 500, 1), ("OrderCancelled", -500, -1),
        ]
        for (number, (type, mills, quantity)) in orders.enumerated() {
            try store.append(
                "customer-7",
                type,
                #"{"invoiceNo":"\#(number)","totalMills":\#(mills),"country":"Iceland","#
                    + #""lines":[{"sku":"A1","qty":\#(quantity),"unitPrice":0.5}]}"#
            )
        }
        return store
    }

    @Test func `the state is that of the head, a sequence, a position or a time`() throws {
        let store = try shop()
        func state(_ arguments: String...) throws -> JSONValue {
            let execution = try Program(["state", store.path, "customer-7", "--json"] + arguments)
                .end()
            #expect(execution.status == 0, "\(execution.messages)")
            return try #require(try execution.objects().first)
        }
        let head = try state()
        #expect(
            head.keys == ["stream", "sequence", "position", "time", "recordedTime", "state"]
        )
        #expect(head["stream"] == "customer-7" && head["sequence"] == 2 && head["position"] == 4)
        #expect(head["state"]?["orders"] == 2 && head["state"]?["cancellations"] == 1)
        #expect(head["state"]?["netMills"] == 1500 && head["state"]?["units"] == 2)
        let first = try state("--at", "0")
        #expect(first["sequence"] == 0 && first["state"]?["netMills"] == 1500)
        #expect(first["state"]?["orders"] == 1 && first["state"]?["cancellations"] == 0)
        let second = try state("--at-position", "3")
        #expect(second["sequence"] == 1 && second["state"]?["netMills"] == 2000)
        #expect(second["state"]?["lastInvoiceNo"] == "1")
        let time = try #require(second["time"]?.string)
        #expect(try state("--at-time", time) == second)
        #expect(try state("--at-time", "2999-01-01T00:00:00+01:00") == head)
        let text = try store.run("state", "customer-7", "--at", "1")
        #expect(text.status == 0 && text.output.hasPrefix("customer-7 at sequence 1, position 3,"))
        #expect(text.output.contains("  netMills: 2000\n"))
    }

    @Test func `a stream that does not exist at a point has no state and is a finding`() throws {
        let store = try shop()
        for arguments in [
            ["nobody-1"], ["customer-7", "--at-position", "1"],
            ["customer-7", "--at-time", "2001-01-01T00:00:00Z"],
        ] {
            let json = try Program(["state", store.path, "--json"] + arguments).end()
            #expect(json.status == 1)
            let object = try #require(try json.objects().first)
            #expect(object["state"]?.isNull == true && object["sequence"]?.isNull == true)
            let text = try Program(["state", store.path] + arguments).end()
            #expect(text.status == 1 && text.output.isEmpty)
            #expect(text.messages == "\(arguments[0]) does not exist at that point\n")
        }
        let both = try store.run("state", "customer-7", "--at", "1", "--at-position", "1")
        #expect(both.status == 2 && both.messages.contains("--at-time"))
        #expect(try store.run("state", "customer-7", "--at-time", "yesterday").status == 2)
    }

    @Test func `a difference names fields with their values before and after`() throws {
        let store = try shop()
        let json = try store.run("diff", "customer-7", "1", "2", "--json")
        #expect(json.status == 0)
        let fields = try json.objects()
        #expect(fields.allSatisfy { $0.keys == ["path", "before", "after"] })
        let net = try #require(fields.first { $0["path"] == "netMills" })
        #expect(net["before"] == 2000 && net["after"] == 1500)
        #expect(!fields.contains { $0["path"] == "orders" })
        let text = try store.run("diff", "customer-7", "1", "2")
        #expect(text.output.contains("~ cancellations 0 -> 1\n"))
        #expect(try store.run("diff", "customer-7", "1", "1").output == "the states are equal\n")
        #expect(try store.run("diff", "customer-7", "1", "x").status == 2)
    }

    @Test func `snapshots are taken, listed, verified, and a wrong one is found`() throws {
        let store = try shop()
        let none = try store.run("snapshots", "--json").objects()
        #expect(none.map { $0["category"]?.string } == ["customer", "stock"])
        #expect(none.map { $0["covered"] } == [0, 0] && none[0]["every"] == 50)
        let taken = try store.run("snapshots", "take", "--stream", "customer-7", "--reason", "slow")
        #expect(taken.status == 0 && taken.output.hasPrefix("customer-7: saved customer-7 at"))
        let category = try store.run("snapshots", "take", "--category", "stock")
        #expect(category.status == 0 && category.output.contains("saved 1 of 1 streams"))
        let list = try store.run("snapshots", "--stream", "customer-7", "--json").objects()
        #expect(list.count == 1 && list[0]["sequence"] == 2 && list[0]["isCurrent"] == true)
        let coverage = try store.run("snapshots", "--json").objects()
        #expect(coverage.map { $0["covered"] } == [1, 1])
        #expect(try store.run("snapshots", "take").status == 2)
        #expect(try store.run("snapshots", "take", "--stream", "nobody-1").status == 1)
        let verified = try store.run("snapshots", "verify")
        #expect(verified.status == 0 && verified.messages.contains("0 snapshots differ"))
        let known = try store.run("state", "customer-7", "--json")
        #expect(try known.objects().first?["state"]?["netMills"] == 1500)
        try store.changeSnapshots(of: "customer-7", "1500", to: "1499")
        let other = try store.run("snapshots", "verify", "--sample", "2")
        #expect(other.status == 1 && other.messages.contains("2 streams replayed, 1 snapshots"))
        #expect(
            other.output == "customer-7 at sequence 2 differs in netMills: 1499 was saved, "
                + "replay gives 1500\n"
        )
        let told = try store.run("snapshots", "verify", "--stream", "customer-7", "--json")
        #expect(
            try told.objects().map(\.description) == [
                #"{"stream":"customer-7","sequence":2,"reason":"differs","path":"netMills","#
                    + #""saved":"1499","replayed":"1500"}"#
            ]
        )
        #expect(try store.run("snapshots", "verify", "--category", "stock").status == 0)
        try store.changeSnapshots(of: "customer-7", "1499", to: "1500")
        try store.spoilSnapshots()
        let unharmed = try store.run("state", "customer-7", "--json")
        #expect(unharmed.output == known.output)
        let wrong = try store.run("snapshots", "verify")
        #expect(wrong.status == 1 && wrong.output == "customer-7 at sequence 2 cannot be read\n")
    }

    @Test func `snapshots of other rules are ignored, said so, and made anew`() throws {
        let store = try shop()
        let model = try store.readModel()
        for category in ["customer", "stock"] {
            #expect(try store.run("snapshots", "take", "--category", category).status == 0)
        }
        try store.write(model: model.replacing("orders: 0", with: "orders: 100"))
        let ignored = try store.run("snapshots")
        #expect(ignored.output.contains("1 snapshots are ignored: other rules made them"))
        #expect(ignored.output.contains("customer-7"), "it is an outlier now")
        let coverage = try store.run("snapshots", "--json").objects()
        #expect(
            coverage.map { $0["ignored"] } == [1, 0] && coverage.map { $0["stale"] } == [1, 0]
        )
        let state = try store.run("state", "customer-7", "--json").objects()
        #expect(state.first?["state"]?["orders"] == 102)
        let taken = try store.run("snapshots", "take", "--stale", "--reason", "new rules")
        #expect(taken.status == 0 && taken.output.contains("of 2 streams"), "\(taken.output)")
        let anew = try store.run("snapshots", "--json").objects()
        #expect(anew.map { $0["ignored"] } == [0, 0] && anew.map { $0["covered"] } == [1, 1])

        try store.write(model: model)
        let host = try store.start("run")
        #expect(
            try wait {
                try store.run("operations", "--json").objects().contains {
                    $0["operator"] == "recount" && $0["message"] == "took 1 snapshots anew"
                }
            }
        )
        host.send(SIGINT)
        #expect(host.end().status == 0)
        #expect(try store.run("snapshots", "verify").status == 0)
        let again = try store.run("snapshots", "--json").objects()
        #expect(again.map { $0["ignored"] } == [0, 0] && again.map { $0["covered"] } == [1, 1])
    }
}
