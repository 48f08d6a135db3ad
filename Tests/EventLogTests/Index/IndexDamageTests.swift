import Disk
import EventModel
import EventStorage
import Testing

@testable import EventLog

/// Bytes that are not what was written.
@Suite struct IndexDamageTests {
    /// Asks an index everything, each question for itself; nothing stands for damage found.
    private func answers(_ index: LogIndex, _ events: [PlacedEvent]) -> [AnyHashable?] {
        var answers: [AnyHashable?] = []
        func ask(_ question: () throws(IndexDamage) -> AnyHashable) {
            do throws(IndexDamage) { answers.append(try question()) } catch { answers.append(nil) }
        }
        ask { () throws(IndexDamage) in try index.census() }
        for order in StreamsRequest.Order.allCases {
            ask { () throws(IndexDamage) in try index.summaries(StreamsRequest(order: order)) }
        }
        ask { () throws(IndexDamage) in try index.summaries(StreamsRequest(prefix: "order")) }
        for name in Set(events.map(\.stream.text)).sorted() + ["nobody", ""] {
            let stream = StreamName(name)
            ask { () throws(IndexDamage) in try index.lastSequence(of: stream.text.utf8.span.bytes)
            }
            let name = name.utf8.span.bytes
            ask { () throws(IndexDamage) in try index.summary(of: name) }
            ask { () throws(IndexDamage) in
                let found = try index.addresses(of: name)
                var addresses: [UInt64] = []
                try found.append(found.sequences, to: &addresses)
                return addresses
            }
        }
        for event in events {
            ask { () throws(IndexDamage) in try index.candidates(of: [event.event.id]) }
            ask { () throws(IndexDamage) in try index.block(of: event.position) }
            ask { () throws(IndexDamage) in
                try index.firstBlock(recordedAtOrAfter: event.recordedTime)
            }
        }
        for selection in [
            EventSelection(), EventSelection(.category(Category("order"))),
            EventSelection(types: ["Made", "Paid"]),
            EventSelection(tags: [EventTag(key: "customer", value: "8")]),
        ] {
            ask { () throws(IndexDamage) in
                var blocks = try index.blocks(for: selection, in: 1...UInt64(events.count))
                var found: [IndexBlock] = []
                while let block = try blocks.next() { found.append(block) }
                return found
            }
        }
        ask { () throws(IndexDamage) in
            let output = IndexBytes()
            do throws(IndexMergeError) {
                try IndexMerge.merge(index.files, to: output)
            } catch .damaged(let damage) {
                throw damage
            } catch {
                preconditionFailure("Memory takes all bytes.")
            }
            return Array(output.buffer)
        }
        return answers
    }

    private func index(_ bytes: [UInt8]) throws(IndexDamage) -> LogIndex {
        let file = try IndexFixture.file(bytes, firstPosition: 1)
        guard LogIndex.connectedCount([file.header.coverage]) == 1 else {
            throw IndexDamage(firstPosition: 1, reason: .name)
        }
        return LogIndex(origin: IndexFixture.origin, files: [file], startAddress: 4096)
    }

    @Test func `whatever byte is changed, no answer is wrong`() throws {
        let events = Population.ordinary.events(40, seed: 21)
        let bytes = try IndexFixture.bytes(events[...])
        let right = answers(try index(bytes), events)
        #expect(!right.contains(nil))
        var damageCount = 0
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1 << UInt8(position % 8)
            guard let index = try? index(changed) else {
                damageCount += 1
                continue
            }
            let found = answers(index, events)
            if found.contains(nil) { damageCount += 1 }
            let isNeverWrong = zip(found, right).allSatisfy { $0 == nil || $0 == $1 }
            #expect(isNeverWrong, "byte \(position)")
        }
        #expect(damageCount == bytes.count)
    }

    @Test func `a file cut short or grown is refused`() throws {
        let bytes = try IndexFixture.bytes(Population.ordinary.events(30, seed: 22)[...])
        for count in 0..<bytes.count {
            #expect(throws: IndexDamage(firstPosition: 1, reason: .header)) {
                try index(Array(bytes[..<count]))
            }
        }
        #expect(throws: IndexDamage(firstPosition: 1, reason: .header)) { try index(bytes + [0]) }
    }

    @Test func `a file of another store, seed or name is refused`() throws {
        let bytes = try IndexFixture.bytes(Population.ordinary.events(30, seed: 23)[...])
        let memory = IndexBytes()
        memory.write(bytes.span.bytes, at: 0)
        let origin = IndexFixture.origin
        for other in [
            IndexOrigin(store: EventID(high: 7, low: 8), hashes: origin.hashes),
            IndexOrigin(store: origin.store, hashes: IndexHashes(seed: 0)),
        ] {
            #expect(throws: IndexDamage(firstPosition: 1, reason: .origin)) {
                try IndexFile(memory, firstPosition: 1, origin: other)
            }
        }
        #expect(throws: IndexDamage(firstPosition: 2, reason: .name)) {
            try IndexFile(memory, firstPosition: 2, origin: origin)
        }
    }

    @Test func `made-up bytes with fitting checksums neither trap nor go on for ever`() throws {
        let events = Population.ordinary.events(70, seed: 24)
        let bytes = try IndexFixture.bytes(events[...])
        var generator = RandomSequence(seed: 25)
        var openedCount = 0
        for round in 0..<600 {
            var changed = bytes
            for _ in 0..<(1 + round % 8) { change(&changed, using: &generator) }
            seal(&changed)
            guard let index = try? index(changed) else { continue }
            openedCount += 1
            _ = answers(index, events)
        }
        #expect(openedCount > 400)
    }

    @Test func `sections of random bytes with fitting checksums neither trap nor go on for ever`()
        throws
    {
        let events = Population.ordinary.events(70, seed: 26)
        let bytes = try IndexFixture.bytes(events[...])
        let parsed = IndexHeader(bytes.span.bytes)
        let header = try #require(parsed)
        var generator = RandomSequence(seed: 27)
        for _ in 0..<10 {
            for section in header.sections.dropLast() {
                var changed = bytes
                for position in section {
                    changed[position] = UInt8.random(in: 0...255, using: &generator)
                }
                seal(&changed)
                _ = answers(try index(changed), events)
            }
        }
    }

    @Test func `headers of made-up numbers neither trap nor pass for more than they are`() throws {
        let events = Population.ordinary.events(70, seed: 28)
        let bytes = try IndexFixture.bytes(events[...])
        let numbers: [UInt64] = [0, 1, 63, 64, 65, 4096, 1 << 32, 1 << 63, .max - 1, .max]
        for offset in stride(from: 24, to: 320, by: 8) {
            for number in numbers {
                var changed = bytes
                changed.replace(littleEndian: number, at: offset)
                seal(&changed)
                guard let index = try? index(changed) else { continue }
                _ = answers(index, events)
            }
        }
        var last = bytes
        last.replace(littleEndian: UInt64.max - 1, at: 64)
        last.replace(littleEndian: UInt64.max, at: 72)
        seal(&last)
        _ = answers(try index(last), events)
    }

    /// Makes a byte or a few another number, anywhere behind the header.
    private func change(_ bytes: inout [UInt8], using generator: inout RandomSequence) {
        let position = Int.random(in: 4096..<bytes.count - 8, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[position] &+= 1
        case 2: bytes.replace(littleEndian: UInt32.max, at: position / 4 * 4)
        default: bytes.replace(littleEndian: generator.next(), at: position / 4 * 4)
        }
    }

    /// Gives bytes the checksums that fit, as far as their header tells where these belong.
    private func seal(_ bytes: inout [UInt8]) {
        let offset = 120 + IndexSection.checksums.rawValue * 16
        let table = bytes.span.bytes.unsafeLoad(fromByteOffset: offset, as: UInt64.self)
        if let start = Int(exactly: table), (4096...bytes.count).contains(start) {
            for (number, first) in stride(from: 4096, to: start, by: 4096).enumerated() {
                let checked = first..<min(first + 4096, start)
                let found = checksum(bytes, checked)
                guard start + number * 8 + 8 <= bytes.count else { break }
                bytes.replace(littleEndian: found, at: start + number * 8)
            }
            let checksums = checksum(bytes, start..<bytes.count)
            bytes.replace(littleEndian: checksums, at: 112)
        }
        let header = checksum(bytes, 8..<4096)
        bytes.replace(littleEndian: header, at: 0)
    }

    private func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        LogFormat.checksum(bytes.span.bytes.extracting(range), seed: 0)
    }
}
