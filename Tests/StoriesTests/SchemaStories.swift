import EventLog
import JSON
import ProgramFixture
import Testing

/// What a team runs before a deployment: can everything stored still be read, is the model right.
@Suite struct SchemaStories {
    private static let model = """
        recount: 1
        aggregates:
          note:
            on:
              Noted: json_set(:state, '$.text', :data -> 'text')
        projections:
          authors:
            tables: [ CREATE TABLE authors (name TEXT PRIMARY KEY) ]
            on: { Signed: [ "INSERT OR IGNORE INTO authors VALUES (:data ->> 'name')" ] }
        upcasters:
          - { event: Noted, from: 2, to: 3, data: ":data" }

        """

    private func store() throws -> StoryStore {
        let store = try StoryStore(model: Self.model)
        for number in 1...3 {
            let execution = try store.run(
                "append",
                "note-\(number)",
                "Noted",
                "--revision",
                "2",
                "--data",
                #"{"text":"a"}"#
            )
            #expect(execution.status == 0)
        }
        try store.append("note-2", "Noted", #"{"words":["b"]}"#)
        try store.append("note-3", "Noted", #"{"words":["c"]}"#)
        try store.append("note-3", "Signed", #"{"name":"Ana"}"#)
        try store.append("note-3", "Moved")
        try store.append("memo-1", "Written")
        return store
    }

    @Test func `a check names what cannot be read, and passes once there is an upcaster`() throws {
        let store = try store()
        let failing = try store.run("schema", "check", "--json")
        #expect(failing.status == 1, "\(failing.messages)")
        let forms = try failing.objects()
        #expect(
            forms.map { "\($0["category"] ?? "") \($0["type"] ?? "") \($0["revision"] ?? "")" } == [
                #""memo" "Written" 1"#, #""note" "Moved" 1"#, #""note" "Noted" 1"#,
                #""note" "Noted" 2"#, #""note" "Signed" 1"#,
            ]
        )
        #expect(forms.map { $0["isReadable"] } == [true, true, false, true, true])
        #expect(forms.map { $0["isMentioned"] } == [false, false, true, true, true])
        #expect(forms.map { $0["events"] } == [1, 1, 2, 3, 1])
        let old = forms[2]
        #expect(old["unreadable"] == 2 && old["position"] == 4 && old["sequence"] == 1)
        #expect(old["stream"] == "note-2")
        let missing = "cannot be upcast: no upcaster takes it; add one from revision 1 to 3"
        #expect(old["missing"]?.string == missing)
        let summary = "8 events of 4 streams read: 1 forms cannot be read, 2 are not mentioned\n"
        #expect(failing.messages == summary)
        let text = try store.run("schema", "check")
        #expect(text.status == 1 && text.output.contains(missing))
        let refused = try store.run("state", "note-2")
        #expect(refused.status == 1)
        let error = "note-2 sequence 1, position 4, Noted (revision 1): \(missing)"
        #expect(refused.messages.contains(error), "\(refused.messages)")
        try store.write(
            model: Self.model
                + "  - { event: Noted, from: 1, to: 2, data: \"json_object('text', :data ->> "
                + "'$.words[0]')\" }\n"
        )
        // What Recount writes down of operations is none of the domain's events.
        let taken = try store.run("snapshots", "take", "--stream", "note-1", "--reason", "tried")
        #expect(taken.status == 0 && taken.output.contains("saved"))
        let passing = try store.run("schema", "check")
        #expect(passing.status == 0, "\(passing.output)")
        #expect(passing.messages.hasPrefix("8 events of 4 streams read: 0 forms cannot be read"))
        #expect(passing.output.hasPrefix("not mentioned"))
        #expect(try store.run("schema", "nonsense").status == 2)
    }

    @Test func `a check reads on behind an event that an expression fails on`() throws {
        let store = try StoryStore(
            model: """
                recount: 1
                aggregates:
                  note:
                    on:
                      Noted: json_set(:state, '$.text', json(:data ->> 'text'))
                """
        )
        for text in ["1", "{", "2", "["] {
            try store.append("note-1", "Noted", #"{"text":"\#(text)"}"#)
        }
        let check = try store.run("schema", "check", "--json")
        #expect(check.status == 1)
        let form = try #require(try check.objects().first)
        #expect(form["events"] == 4 && form["unreadable"] == 2 && form["sequence"] == 1)
        #expect(form["missing"]?.string?.hasSuffix("recount.yaml:5:14: malformed JSON") == true)
    }

    @Test func `every event of a large store is read once`() throws {
        let store = try StoryStore.billing(20_000)
        let check = try store.run("schema", "check", "--json")
        #expect(check.status == 0, "\(check.output)")
        let events = try check.objects().reduce(0) { $0 + $1.number("events") }
        #expect(events == 20_000)
        #expect(check.messages.contains("20,000 events of "))
    }

    @Test func `a model is checked as a file and in its store`() throws {
        let store = try store()
        let right = try store.run("model", "check")
        #expect(right.status == 2, "the act comes first")
        let checked = try Program.run("model", "check", store.path)
        #expect(checked.status == 0, "\(checked.output)")
        let sentence = "defines 1 aggregate (note), 1 projection (authors), 1 upcaster\n"
        #expect(checked.output == "\(store.places.model) \(sentence)")
        let json = try Program.run("model", "check", store.places.model, "--json")
        let object = try #require(try json.objects().first)
        #expect(object["aggregates"] == ["note"] && object["overruledAggregates"] == [])
        try store.write(
            model: Self.model.replacing("'$.text', ", with: "date('now'), ") + "  - { even: A }\n"
        )
        let wrong = try Program.run("model", "check", store.path)
        #expect(wrong.status == 1)
        let lines = wrong.output.split(separator: "\n")
        #expect(lines.count == 4, "\(lines)")
        #expect(lines[0].hasPrefix("\(store.places.model):5:36: 'now' is the clock"))
        #expect(lines[1].hasSuffix(":12:5: the key event is missing"))
        #expect(lines[3].contains("the key even is unknown; allowed are event, from"))
        let objects = try Program.run("model", "check", store.path, "--json").objects()
        #expect(objects.map { $0["line"] } == [5, 12, 12, 12] && objects[0]["column"] == 36)
        #expect(try Program.run("model", "check", store.path + "/none").status == 2)
        #expect(try Program.run("model", "mend", store.path).status == 2)
    }

    @Test func `blame names the event that last set each field`() throws {
        let store = try StoryStore.shop()
        for mills in [1500, 500] {
            try store.append(
                "customer-7",
                "OrderInvoiced",
                #"{"invoiceNo":"\#(mills)","totalMills":\#(mills),"country":"Iceland","lines":[]}"#
            )
        }
        try store.append(
            "customer-7",
            "OrderCancelled",
            #"{"invoiceNo":"C1","totalMills":-500,"country":"Iceland","lines":[]}"#
        )
        func blame(_ rest: String...) throws -> Execution {
            try Program(["blame", store.path, "customer-7"] + rest).end()
        }
        let fields = try blame("--json").objects()
        func origin(_ path: String) -> JSONValue? { fields.first { $0["path"]?.string == path } }
        #expect(origin("orders")?["sequence"] == 1 && origin("orders")?["value"] == 2)
        #expect(origin("cancellations")?["type"] == "OrderCancelled")
        #expect(origin("netMills")?["position"] == 3 && origin("netMills")?["value"] == 1500)
        let one = try blame("netMills", "--at", "1", "--json").objects()
        #expect(one.count == 1 && one[0]["value"] == 2000 && one[0]["sequence"] == 1)
        let text = try blame("orders")
        #expect(text.status == 0 && text.output.contains("OrderInvoiced"))
        #expect(try blame("nothing").status == 1)
        #expect(try blame("a..b").status == 2)
        let nobody = try store.run("blame", "nobody-1")
        #expect(nobody.status == 1 && nobody.messages == "nobody-1 does not exist at that point\n")
    }
}
