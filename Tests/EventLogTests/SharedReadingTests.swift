import Disk
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Synchronization
import Testing

@testable import EventLog

/// Readers side by side share what one of them has verified, and see what each would see alone.
@Suite struct SharedReadingTests {
    private let directory = TemporaryDirectory()
    private let log: EventLog
    private static let types: [EventType] = [
        "Tested1", "Tested2", "Longer1", "AnotherName", "AnotherGame", "A", "",
    ]

    init() throws {
        log = try EventLog.create(
            StoreDirectory(directory.path + "/test.store"),
            id: EventID(high: 1, low: 2),
            options: LogOptions(testing: 64 << 10)
        )
    }

    /// Appends events of all types, many to a record, so that there are several log files.
    private func append(_ count: Int, to log: EventLog, from first: Int = 0) throws {
        for start in stride(from: first, to: first + count, by: 100) {
            let entries = (start..<min(start + 100, first + count)).map { number in
                var event = TestEvents.event(UInt64(number))
                event.type = SharedReadingTests.types[number * number / 3 % 6]
                if number % 5 == 0 { event.tags = [EventTag(key: "customer", value: "7")] }
                if number % 7 == 0 { event.metadata = Array(#"{"by":"ana"}"#.utf8) }
                if number % 2 == 0 { event.eventTime = nil }
                let stream = number % 11 == 0 ? "$notes" : "cart-\(number % 4)"
                return AppendRequest.Entry(stream: StreamName(stream), event: event)
            }
            var request = AppendRequest(entries: entries)
            request.mayNameSystemStreams = true
            request.durability = .flushed
            _ = try log.append(request)
        }
    }

    /// What a reader saw, and what kept it from going on.
    private struct Seen: Equatable {
        var events: [RecordedEvent] = []
        var failure: String?
    }

    private func seen(
        atMost limit: Int = .max,
        _ read: ((borrowing EventView) -> ReadControl) throws(StorageError) -> Void
    ) -> Seen {
        var seen = Seen()
        do {
            try read { event in
                seen.events.append(event.recorded)
                return seen.events.count < limit ? .more : .stop
            }
        } catch {
            seen.failure = error.description
        }
        return seen
    }

    private func compare(_ selection: EventSelection, atMost limit: Int = .max) {
        let alone = seen(atMost: limit) { visit throws(StorageError) in
            try log.read(selection, visit)
        }
        let shared = seen(atMost: limit) { visit throws(StorageError) in
            try log.readShared(selection, visit)
        }
        #expect(shared == alone, "\(selection)")
    }

    @Test func `any selection gives the events that reading alone gives`() throws {
        try append(7000, to: log)
        var generator = RandomSequence(seed: 5)
        compare(EventSelection())
        for _ in 0..<60 {
            var selection = EventSelection(
                after: Position(.random(in: 0...7100, using: &generator)),
                types: SharedReadingTests.types.shuffled(using: &generator).dropLast(
                    Int.random(in: 0...7, using: &generator)
                )
            )
            if .random(using: &generator) {
                let count = UInt64.random(in: 0...5000, using: &generator)
                selection.through = Position(selection.after.number + count)
            }
            if Int.random(in: 0..<8, using: &generator) == 0 { selection.direction = .backwards }
            if Int.random(in: 0..<8, using: &generator) == 0 {
                selection.scope = .category(Category("cart"))
            }
            let isCut = Bool.random(using: &generator)
            compare(selection, atMost: isCut ? .random(in: 1...3000, using: &generator) : .max)
        }
    }

    @Test func `a growing log is seen as far as it goes, also what another process appends`() throws
    {
        let other = try EventLog.open(log.directory)
        var count = 0
        var generator = RandomSequence(seed: 6)
        while count < 9000 {
            let added = Int.random(in: 1...1500, using: &generator)
            try append(added, to: Bool.random(using: &generator) ? log : other, from: count)
            count += added
            let shared = seen { visit throws(StorageError) in
                try log.readShared(EventSelection(), visit)
            }
            #expect(shared.events.map(\.position.number) == Array(1...UInt64(count)))
            #expect(try log.head() == Position(UInt64(count)))
        }
        compare(EventSelection())
    }

    @Test func `readers on several threads all see everything`() throws {
        try append(9000, to: log)
        let alone = try log.events(EventSelection())
        let wrong = Mutex<[String]>([])
        let threads = (0..<4).map { number in
            WorkerThread { [log] in
                var generator = RandomSequence(seed: UInt64(number))
                var events = ArraySlice(alone)
                var after = Position.start
                while after.number < 9000, wrong.withLock(\.isEmpty) {
                    let count = UInt64.random(in: 300...2500, using: &generator)
                    let through = Position(after.number + count)
                    try? log.readShared(EventSelection(after: after, through: through)) { event in
                        if events.popFirst() == event.recorded {
                            after = event.position
                            return .more
                        }
                        wrong.withLock { $0.append("thread \(number), \(event.position)") }
                        return .stop
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(wrong.withLock { $0 } == [])
    }

    @Test func `damage is told to every reader that comes to it, and to no other`() throws {
        try append(7000, to: log)
        let damaged: UInt64 = 3000
        try damage(at: damaged)
        for _ in 0..<2 {
            let shared = seen { visit throws(StorageError) in
                try log.readShared(EventSelection(), visit)
            }
            #expect(shared.events.count == Int(damaged - 1))
            #expect(shared.failure?.contains("position 3000") == true)
            compare(EventSelection())
        }
        compare(EventSelection(after: Position(2048), through: Position(damaged - 1)))
        compare(EventSelection(after: Position(2200), types: ["Tested1"]))
        compare(EventSelection(after: Position(4096)))
    }

    /// Changes a byte of the event at a position in its log file.
    private func damage(at position: UInt64) throws {
        let files = try log.withCurrentState { (state) in state.files }
        var cursor = try log.cursor(at: position, in: files)
        var address: UInt64 = 0
        _ = try cursor.forEachPlaced(through: Position(position)) { _, addresses in
            address = addresses.encoded
            return .stop
        }
        let place = try LogPlace(address, in: files)
        let file = try #require(fopen(place.file.path, "r+"))
        defer { fclose(file) }
        fseek(file, place.offset + 5, SEEK_SET)
        let byte = fgetc(file)
        fseek(file, place.offset + 5, SEEK_SET)
        fputc(byte ^ 1, file)
    }

    // MARK: What is kept

    private func verified(_ chunk: UInt64) throws(StorageError) -> VerifiedEvents {
        let positions = SharedEvents.positions(ofChunk: chunk % 2)
        let files = try log.withCurrentState { (state) in state.files }
        var cursor = try log.cursor(at: positions.lowerBound, in: files)
        return try VerifiedEvents(&cursor, through: Position(positions.upperBound), in: files)
    }

    @Test func `a chunk is made once, until another takes its place`() throws {
        try append(4096, to: log)
        let shared = SharedEvents()
        var made: [UInt64] = []
        func ask(_ chunk: UInt64) {
            let events = shared.events(of: chunk) { () throws(StorageError) in
                made.append(chunk)
                return try verified(chunk)
            }
            #expect(events != nil)
        }
        for chunk: UInt64 in [0, 1, 0, 1, SharedEvents.chunkCount, 1, 0, 0] { ask(chunk) }
        #expect(made == [0, 1, SharedEvents.chunkCount, 0])
    }

    @Test func `what cannot be made is tried again by the next who asks`() throws {
        try append(4096, to: log)
        let shared = SharedEvents()
        let failed = shared.events(of: 0) { () throws(StorageError) in
            throw StorageError(.damaged, "test")
        }
        #expect(failed == nil)
        #expect(shared.events(of: 0) { () throws(StorageError) in try verified(0) } != nil)
    }

    @Test func `who wants the chunk that is being made waits, who wants another there does not`()
        throws
    {
        try append(4096, to: log)
        let shared = SharedEvents()
        let madeCount = Mutex(0)
        let isAsking = ChangeSignal()
        let found = Mutex<VerifiedEvents?>(nil)
        var waiting: WorkerThread?
        let seen = isAsking.value
        let first = shared.events(of: 0) { () throws(StorageError) in
            let far = shared.events(of: SharedEvents.chunkCount) { () throws(StorageError) in
                try verified(0)
            }
            #expect(far == nil)
            waiting = WorkerThread {
                isAsking.raise()
                let events = shared.events(of: 0) { () throws(StorageError) in
                    madeCount.withLock { $0 += 1 }
                    throw StorageError(.damaged, "test")
                }
                found.withLock { $0 = events }
            }
            isAsking.wait(since: seen, timeoutMilliseconds: 60_000)
            return try verified(0)
        }
        waiting?.join()
        #expect(first != nil)
        #expect(found.withLock { $0 } === first)
        #expect(madeCount.withLock { $0 } == 0)
    }

    @Test func `types with one mark are told apart by their names`() throws {
        let names: [EventType] = ["Ordered", "Invoiced", "InvoiceIssued"]
        for name in names {
            let bytes = Array(name.text.utf8)
            #expect(TypeFilter([name]).mayMatch(TypeMark(bytes.span.bytes)))
            for other in names where other != name {
                #expect(!TypeFilter([other]).mayMatch(TypeMark(bytes.span.bytes)))
            }
        }
        // The mark looks at the length and at both ends.
        let alike: [EventType] = ["Beginning-one-Ending00", "Beginning-two-Ending00"]
        for start in stride(from: UInt64(0), to: 2100, by: 100) {
            var events = (start..<start + 100).map(TestEvents.event)
            for index in events.indices { events[index].type = alike[index % 2] }
            _ = try log.append(AppendRequest(events, to: StreamName("cart-1")))
        }
        compare(EventSelection(types: [alike[0]]))
    }
}
