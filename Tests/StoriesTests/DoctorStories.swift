import Disk
import EventLog
import EventModel
import EventStorage
import Glibc
import JSON
import ProgramFixture
import ReadModels
import RecountTesting
import SQLiteDatabase
import Testing

/// Something is wrong with the files of a store, and the person on call asks the program.
@Suite struct DoctorStories {
    private static let model = """
        recount: 1
        projections:
          billing/revenue:
            tables:
              - CREATE TABLE totals (stream TEXT PRIMARY KEY, count INTEGER NOT NULL)
            on:
              "*":
                - INSERT INTO totals VALUES (:stream, 1)
                  ON CONFLICT DO UPDATE SET count = count + 1
        """

    /// A store whose group has handled its nine events.
    private func makeStore() throws -> StoryStore {
        let store = try StoryStore(model: DoctorStories.model)
        let log = try store.open()
        for number in UInt64(0)..<3 {
            _ = try log.append(TestEvents.request(3, to: "cart-\(number)", from: number * 3))
        }
        try store.catchUp()
        return store
    }

    private func firstFile(of store: StoryStore) -> String {
        store.places.log + "/00000000000000000001.log"
    }

    /// Where the payload of an event lies in the first file.
    private func payload(_ number: Int, of store: StoryStore) throws -> Int {
        let file = try RealDisk().open(firstFile(of: store), writable: false)
        let bytes = try file.read(0..<1 << 20)
        let text = Array(#"{"number":\#(number)}"#.utf8)
        let start = try #require(
            bytes.indices.first { bytes[$0...].starts(with: text) }
        )
        return start + 10
    }

    private func overwrite(_ path: String, _ offset: Int, _ byte: UInt8) throws {
        try RealDisk().open(path, writable: true).write([byte].span.bytes, at: offset)
    }

    @Test func `nothing is wrong with a store that is whole`() throws {
        let store = try makeStore()
        for arguments in [[], ["--quick"]] {
            let execution = try Program(["doctor", store.path] + arguments).end()
            #expect(execution.status == 0)
            #expect(
                execution.output
                    == "story: 9 events, 3 streams, 1 groups, incarnation 1\nnothing is wrong\n"
            )
            #expect(execution.messages == "")
        }
        let json = try store.run("doctor", "--json")
        #expect(json.status == 0 && json.output == "")
    }

    @Test func `a damaged event is named in text and in JSON`() throws {
        let store = try makeStore()
        let offset = try payload(4, of: store)
        try overwrite(firstFile(of: store), offset, UInt8(ascii: "8"))
        let text = try store.run("doctor")
        #expect(text.status == 1)
        #expect(text.output.contains("critical: the record of positions 4 to 6, bytes "))
        #expect(text.output.contains(" is damaged; 2 of its 3 events are whole"))
        #expect(text.output.contains("\n    \(firstFile(of: store)), bytes "))
        let json = try store.run("doctor", "--json")
        #expect(json.status == 1)
        let finding = try #require(
            try json.objects().first { $0["kind"] == "recordDamaged" }
        )
        #expect(finding["severity"] == "critical" && finding["place"] == "store")
        #expect(finding["file"]?.string == firstFile(of: store))
        #expect(finding["positions"] == [5, 5])
        let bytes = finding["bytes"]?.array?.compactMap { $0.integer } ?? []
        #expect(bytes.count == 2 && (bytes[0]..<bytes[1]).contains(Int64(offset)))
        #expect(finding["summary"]?.string?.isEmpty == false)
        #expect(finding["remedy"]?.string?.contains("restore") == true)
    }

    @Test func `a store that cannot be opened is looked at all the same`() throws {
        let store = try makeStore()
        try overwrite(firstFile(of: store), 100, 1)
        let execution = try store.run("doctor", "--json")
        #expect(execution.status == 1)
        let kinds = try execution.objects().map { $0["kind"]?.string ?? "" }
        #expect(kinds == ["fileHeaderDamaged", "storeUnopened"])
        chmod(store.places.log, 0o777)
        let quick = try store.run("doctor", "--quick")
        #expect(quick.status == 1 && quick.output.contains("it can be written to by others"))
    }

    @Test func `where there is nothing to look at the status says so`() throws {
        let directory = TemporaryDirectory()
        let execution = try Program.run("doctor", directory.path)
        #expect(execution.status == 4)
        #expect(execution.messages.contains("there is no store here"))
    }

    @Test func `a store whose group has seen more than its log is read-only until that is gone`()
        throws
    {
        let store = try makeStore()
        try removeEnd(of: store)
        let refused = try store.run("append", "cart-1", "Added")
        #expect(refused.status == 3)
        #expect(
            refused.messages.contains(
                "positions 7 to 9 are missing: processing group billing/revenue ("
            )
        )
        #expect(try store.run("events", "--json").objects().count == 6)
        #expect(try store.run("export").status == 0)
        #expect(try store.run("history", "cart-1").status == 0)
        let host = try store.start("run")
        #expect(
            try store.waits(for: "billing/revenue") { row in
                row["failure"]?.string?.contains("does not hold positions 7 to 9") == true
            }
        )
        let row = try #require(try store.processors()["billing/revenue"])
        #expect(row["state"] == "aheadOfHistory")
        host.send(SIGINT)
        _ = host.end()
        let once = try store.run("run", "--until-caught-up")
        #expect(once.status == 1 && once.messages.contains("does not hold positions 7 to 9"))
        let doctor = try store.run("doctor", "--json")
        #expect(doctor.status == 1)
        let problem = try #require(try doctor.objects().first { $0["kind"] == "readOnly" })
        #expect(problem["summary"]?.string?.contains("positions 7 to 9 are missing") == true)
        try store.deleteGroups()
        #expect(try store.run("append", "cart-1", "Added").status == 0)
        try store.catchUp()
        #expect(try store.contents(of: "billing/revenue").position >= 7)
        #expect(try store.run("doctor").status == 0)
    }

    @Test func `a group whose database cannot be read is no witness but a problem`() throws {
        let store = try makeStore()
        let files = GroupFiles(group: "billing/revenue", directory: store.places.groups)
        for ending in ["", "-wal", "-shm"] where RealDisk().exists(files.database + ending) {
            try RealDisk().remove(files.database + ending)
        }
        try StoryStore.write(String(repeating: "no database ", count: 99), to: files.database)
        #expect(try store.run("append", "cart-1", "Added").status == 0)
        let doctor = try store.run("doctor", "--json", "--quick")
        #expect(doctor.status == 1)
        let problem = try #require(
            try doctor.objects().first { $0["kind"] == "groupUnreadable" }
        )
        #expect(problem["file"]?.string == files.database)
        #expect(problem["summary"]?.string?.contains("group billing/revenue") == true)
    }

    /// Makes the log end with position 6, as a copy would that was made before.
    private func removeEnd(of store: StoryStore) throws {
        let path = firstFile(of: store)
        let file = try RealDisk().open(path, writable: true)
        let bytes = try file.read(0..<1 << 20)
        let magic = Array("RCRD".utf8)
        let starts = bytes.indices.filter { bytes[$0...].starts(with: magic) }
        let third = try #require(starts.dropFirst(2).first) - 8
        let end = try #require(bytes.lastIndex { $0 != 0 })
        let zeros = [UInt8](repeating: 0, count: end + 1 - third)
        try file.write(zeros.span.bytes, at: third)
        try RealDisk().remove(store.places.log + "/shared")
    }
}
