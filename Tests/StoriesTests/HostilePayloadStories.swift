import EventLog
import EventModel
import EventStorage
import JSON
import ProgramFixture
import RecountTesting
import Testing

/// Every verb that reads payloads, on a store into which somebody got payloads that do harm.
@Suite struct HostilePayloadStories {
    private static let model = """
        recount: 1
        aggregates:
          note:
            on:
              Noted: json_set(:state, '$.text', :data ->> 'text')
        projections:
          notes:
            tables: [ "CREATE TABLE notes (stream TEXT, text TEXT)" ]
            on: { Noted: [ "INSERT INTO notes VALUES (:stream, :data ->> 'text')" ] }
        """

    /// For each payload, the stream `note-n` with rules and `memo-n` without: a good event, the
    /// payload, and another good event.
    private func store() throws -> StoryStore {
        let store = try StoryStore(model: Self.model)
        let log = try store.open()
        var number: UInt64 = 0
        for (index, payload) in HostilePayload.all.enumerated() {
            for category in ["note", "memo"] {
                for bytes in [Array(#"{"text":"a"}"#.utf8), payload.bytes, Array("{}".utf8)] {
                    number += 1
                    let event = PendingEvent(
                        id: EventID(high: 1, low: number),
                        type: "Noted",
                        payload: bytes
                    )
                    let stream = StreamName("\(category)-\(index)")
                    _ = try log.append(AppendRequest([event], to: stream))
                }
            }
        }
        return store
    }

    private let count = HostilePayload.all.count

    @Test func `a state, a difference and a blame name the event and the byte`() throws {
        let store = try store()
        for (index, payload) in HostilePayload.all.enumerated() {
            for (offset, category) in ["note", "memo"].enumerated() {
                let stream = "\(category)-\(index)"
                let isRefused = category == "note" || payload.isRefusedByParsers
                let reason =
                    "\(stream) sequence 1, position \(index * 6 + offset * 3 + 2), "
                    + "Noted (revision 1): the payload cannot be read: \(payload.reason)"
                let told = try store.run("state", stream)
                guard isRefused else {
                    #expect(told.status == 0, "\(payload): \(told.messages)")
                    continue
                }
                #expect(told.status > 0 && told.messages.contains(reason), "\(told.messages)")
            }
        }
        for stream in ["note-2", "memo-2"] {
            let earlier = try store.run("state", stream, "--at", "0")
            #expect(earlier.status == 0 && earlier.output.contains("text: \"a\""))
            let reason = "the payload cannot be read: \(HostilePayload.all[2].reason)"
            for told in [
                try store.run("diff", stream, "0", "2"), try store.run("blame", stream),
            ] {
                #expect(told.status > 0 && told.messages.contains(reason), "\(told.messages)")
                #expect(told.messages.contains("\(stream) sequence 1, position "))
            }
        }
    }

    @Test func `events are listed, queried and exported as they are`() throws {
        let store = try store()
        let events = try store.run("events", "--json")
        #expect(events.status == 0)
        let objects = try events.objects()
        #expect(objects.count == count * 6)
        let refusedCount = HostilePayload.all.count { $0.isRefusedByParsers }
        #expect(objects.count { $0["dataBase64"] != nil } == refusedCount * 2)
        let text = try store.run("events")
        #expect(text.status == 0)
        #expect(!text.output.utf8.contains(0xED), "what is no text does not reach a terminal")
        for index in [0, 5, 6] {
            #expect(try store.run("history", "note-\(index)").status == 0)
        }
        let export = try store.run("export")
        #expect(export.status == 0)
        #expect(try export.objects().count { $0["data_base64"] != nil } == refusedCount * 2)
        let sizes = try store.run("query", "SELECT sum(length(CAST(data AS BLOB))) FROM events")
        let size = HostilePayload.all.reduce(count * 28) { $0 + $1.bytes.count * 2 }
        #expect(sizes.status == 0 && sizes.output.contains(String(size)), "\(sizes.output)")
        let strict = try store.run("query", "SELECT data ->> 'text' FROM events")
        let reason = "malformed JSON in the event at position 2; json_valid tells"
        #expect(strict.status > 0 && strict.messages.contains(reason), "\(strict.messages)")
        let valid = "SELECT data ->> 'text' FROM events WHERE json_valid(data)"
        #expect(try store.run("query", valid).status == 0)
    }

    @Test func `a check of the schema counts them and shows the first`() throws {
        let check = try store().run("schema", "check", "--json")
        #expect(check.status == 1)
        let forms = try check.objects()
        let refused = HostilePayload.all.count { $0.isRefusedByParsers }
        #expect(forms.map { $0["unreadable"]?.integer } == [Int64(refused), Int64(count)])
        #expect(forms.map { $0["position"] } == [5, 2])
        let reason = "the payload cannot be read: \(HostilePayload.all[0].reason)"
        #expect(forms.allSatisfy { $0["missing"]?.string == reason })
    }

    @Test func `a group puts the events aside and says which byte`() throws {
        let store = try store()
        let run = try store.run("run", "--until-caught-up")
        #expect(run.status == 1 && run.messages.contains("dead letters"), "\(run.messages)")
        let letters = try store.run("dead-letters", "notes", "--json").objects()
        let reason = "the payload cannot be read: \(HostilePayload.all[0].reason)"
        #expect(letters.first?["position"] == 2 && letters.first?["sequence"] == "note-0")
        #expect(letters.first?["cause"]?.string?.hasPrefix(reason) == true, "\(letters)")
        let group = try #require(try store.processors()["notes"])
        #expect(group["position"] == group["head"])
        let table = try store.run("table", "notes", "notes", "--json")
        #expect(table.status == 0)
        // The payload and what comes behind it, in each of two streams.
        let putAside = try #require(group["deadLetters"]?.integer)
        #expect(try Int64(table.objects().count) + putAside == Int64(count * 6))
        #expect(putAside == Int64(letters.count * 2))
    }
}
