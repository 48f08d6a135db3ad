import Disk
import EventModel
import EventStorage
import Glibc
import RecountTesting
import Testing

@testable import EventLog

/// What an examination says of records and events.
@Suite struct RecordExaminationTests {
    @Test func `nothing is found in a store that is whole`() throws {
        let store = try DamagedStore(records: 40)
        let report = try EventLog.examine(store.places)
        #expect(report.findings == [])
        #expect(report.lastPosition == Position(120))
        #expect(report.byteCount == 1 << 20)
    }

    @Test func `a damaged event is named with its bytes, and its neighbours are whole`() throws {
        let store = try DamagedStore()
        let event = try store.events(ofRecord: 1)[1]
        try store.flip(store.files[0], event.upperBound - 1)
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.recordDamaged])
        let finding = try #require(findings.first)
        #expect(finding.bytes == event)
        #expect(finding.positions == ClosedRange(5...5))
        #expect(try finding.file == store.files[0])
        #expect(finding.summary.contains("record of positions 4 to 6"))
        #expect(finding.summary.contains("2 of its 3 events are whole"))
        #expect(finding.severity == .critical)
    }

    @Test func `a damaged header of a record is named, and what follows is looked at`() throws {
        let store = try DamagedStore()
        let record = try store.records()[1].bytes
        let last = try store.events(ofRecord: 3)[2]
        try store.flip(store.files[0], record.lowerBound + 20)
        try store.flip(store.files[0], last.lowerBound + 8)
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.recordDamaged, .recordDamaged])
        #expect(findings.map(\.bytes) == [record, last])
        #expect(findings.map(\.positions) == [ClosedRange(4...6), ClosedRange(12...12)])
        #expect(findings.first?.summary.contains("at least 3 events are whole") == true)
    }

    @Test func `every bit of records that has a checksum is looked at`() throws {
        let store = try DamagedStore(records: 2, fileSize: 8 << 10)
        let path = try store.files[0]
        for record in try store.records() {
            let end = record.bytes.lowerBound + 80 + record.header.bodySize
            for offset in record.bytes.lowerBound..<end {
                try store.flip(path, offset)
                let findings = try store.examine()
                #expect(findings.map(\.kind) == [.recordDamaged], "byte \(offset)")
                let bytes = findings.first?.bytes ?? 0..<0
                #expect(bytes.contains(offset), "byte \(offset)")
                try store.flip(path, offset)
            }
        }
        #expect(try store.examine() == [])
    }

    @Test func `a record that is whole and not the next one is named`() throws {
        let store = try DamagedStore()
        let record = try store.records()[2].bytes
        try store.rewrite(record: 2) { $0.predecessor ^= 1 }
        // The record behind it now has another predecessor, too.
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.recordMisplaced, .recordMisplaced])
        #expect(findings.first?.bytes == record)
        #expect(findings.first?.positions == nil)
        #expect(findings.first?.summary.contains("another record") == true)
    }

    @Test func `a record that leaves positions out, or goes back in time, is named`() throws {
        let store = try DamagedStore()
        try store.rewrite(record: 3) { $0.recordedTime = Timestamp(microseconds: 7) }
        let late = try store.examine()
        #expect(late.map(\.kind) == [.recordMisplaced])
        #expect(late.first?.summary.contains("1970-01-01") == true)
        try store.rewrite(record: 3) { header in
            header.recordedTime = Timestamp(microseconds: .max)
            header.firstPosition = Position(13)
        }
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.recordMisplaced])
        #expect(findings.first?.positions == ClosedRange(10...12))
    }

    @Test func `a record that counts other events than it holds is named`() throws {
        let store = try DamagedStore()
        let record = try store.records()[3]
        try store.rewrite(record: 3) { $0.eventCount = 2 }
        let page = try store.disk.share(store.places.sharedPage, writable: true)
        page.store(.head, 11)
        page.store(.synced, 11)
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.recordForged])
        let end = record.bytes.lowerBound + 80 + record.header.bodySize
        #expect(findings.first?.bytes == record.bytes.lowerBound..<end)
        #expect(findings.first?.positions == ClosedRange(10...11))
    }

    @Test func `a stream that leaves a sequence out is named with its event`() throws {
        let store = try DamagedStore()
        let forged = try ForgedRecord(store, record: 2, event: 0) { $0[0] += 1 }
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.sequenceBroken, .sequenceBroken])
        #expect(findings.first?.bytes == forged.event)
        #expect(findings.first?.positions == ClosedRange(7...7))
        #expect(
            findings.first?.summary.contains("stream cart-0 goes on with sequence 4 instead of 3")
                == true
        )
    }

    @Test func `an identity that two events have is named with both`() throws {
        let store = try DamagedStore()
        let first = try store.disk.open(store.files[0], writable: false)
        let event = try store.events(ofRecord: 0)[1]
        // Checksum, place, distance, length and flags are before the identity.
        let id = try first.read(event.lowerBound + 4..<event.upperBound)
        let place = id.firstIndex(of: 0x7E).map { $0 - 6 } ?? 0
        let identity = Array(id[place..<place + 16])
        _ = try ForgedRecord(store, record: 3, event: 2, identity: identity) { _ in }
        let findings = try store.examine()
        #expect(findings.map(\.kind) == [.identityTwice])
        #expect(findings.first?.positions == ClosedRange(2...12))
    }

    @Test func `the sequences of streams beyond those that are remembered are let through`() {
        var ledger = SequenceLedger(streamCountMax: 1)
        #expect(ledger.take(0, of: 1) == nil)
        #expect(ledger.take(7, of: 2) == nil)
        #expect(ledger.take(2, of: 1) == 1)
        var other = SequenceLedger()
        #expect(other.take(1, of: 1) == 0)
        other.noteGap()
        #expect(other.take(5, of: 1) == nil)
        #expect(other.take(5, of: 1) == 6)
        #expect(other.take(9, of: 2) == nil)
    }
}

/// A record in which somebody who knows the format has changed an event.
private struct ForgedRecord {
    /// The bytes of the event.
    let event: Range<Int>

    /// Changes the sequence, which has one byte, or the identity of an event, and all checksums
    /// over it, so that only what the event says is wrong.
    init(
        _ store: DamagedStore,
        record number: Int,
        event place: Int,
        identity: [UInt8]? = nil,
        _ change: (inout [UInt8]) -> Void
    ) throws {
        let path = try store.files[0]
        event = try store.events(ofRecord: number)[place]
        let file = try ExaminedFile(Position(1), in: store.places, disk: store.disk)
        var bytes = try store.disk.open(path, writable: false).read(event)
        // Behind checksum, place and distance, the latter of one or two bytes, come one byte of
        // size, one of flags, 16 of identity, and the sequence.
        let distance = event.lowerBound - (try store.records()[number].bytes.lowerBound)
        let start = 4 + 1 + (distance < 128 ? 1 : 2) + 2
        if let identity { bytes.replaceSubrange(start..<start + 16, with: identity) }
        var sequence = [bytes[start + 16]]
        change(&sequence)
        bytes[start + 16] = sequence[0]
        let checked = Array(bytes[4...])
        let checksum = EventSlot.checksum(
            of: checked.span.bytes,
            at: event.lowerBound,
            file: file.checksum
        )
        bytes.replace(littleEndian: checksum, at: 0)
        try store.overwrite(path, event.lowerBound, bytes)
        try store.rewrite(record: number) { header in
            let record = (try? store.records()[number].bytes.lowerBound) ?? 0
            let all = (try? store.bytes(of: path)) ?? []
            let body = Array(all[(record + 80)..<(record + 80 + header.bodySize)])
            header.bodyChecksum = LogFormat.checksum(
                body.span.bytes,
                seed: LogFormat.seed(file: file.checksum, offset: record)
            )
        }
        // The chain goes on from the new header.
        for later in number + 1..<(try store.records().count) {
            let before = try store.records()[later - 1].bytes.lowerBound
            let header = try store.disk.open(path, writable: false).read(before..<before + 8)
            try store.rewrite(record: later) {
                $0.predecessor = header.span.bytes.unsafeLoad(as: UInt64.self)
            }
        }
    }
}
