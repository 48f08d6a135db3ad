import EventModel
import EventStorage
@testable import Processing

/// The rows of a group in memory, as one host has them open; each call may be its last.
final class SimulatedStorage: GroupStorage, GroupHandler {
    unowned let host: SimulatedHost
    let world: GroupWorld
    let file: RowsFile
    let generation: Int
    /// Whether it is opened as it is in use, not as a draft or as what is kept.
    let isInUse: Bool
    /// Names the storage in pages and locks.
    let number: HostNumber
    /// The number of each claim that this storage has.
    var claims: [Segment: Int64] = [:]
    /// How long the owner of each segment had shown no sign of life when it was looked at.
    var silences: [Segment: Duration] = [:]
    var stored: GroupProgress?
    var seenVersion = -1
    /// What the transaction under way has made of the content.
    var working: RowsContent?
    /// Whether the transaction under way breaks a rule that is looked at when it is committed.
    private var isRefused = false

    init(_ host: SimulatedHost, _ file: RowsFile, generation: Int, isInUse: Bool = false) {
        self.host = host
        self.file = file
        self.generation = generation
        self.isInUse = isInUse
        world = host.world
        number = host.world.newHostNumber()
        host.numbers.append(number)
    }

    var disk: GroupDisk { world.disk }
    var content: RowsContent { working ?? file.content }
    var sequencing: SequencingPolicy { world.plan.sequencing }
    var isIdempotent: Bool { world.plan.isIdempotent }
    let handledTypes: [EventType]? = nil

    func reloadDefinition() {}

    var isInPlace: Bool {
        if !isInUse { return disk.drafts[generation] === file }
        return disk.generations[generation] === file && disk.generations[generation + 1] == nil
    }

    func publish(_ signs: ProcessorSigns, _ segments: [SegmentProgress]) {}

    func loadProgress() throws -> GroupProgress? {
        try host.reach()
        let loaded = load()
        try checkClaims()
        return loaded
    }

    @discardableResult
    func load() -> GroupProgress? {
        seenVersion = file.version
        stored = content.progress
        return stored
    }

    func marks() throws -> [HistoryMark] {
        try host.reach()
        return Array(content.marks.values)
    }

    func addMarks(_ marks: [HistoryMark]) throws {
        for mark in marks { working?.marks[mark.position] = mark }
    }

    func storeFailure(_ message: String?) throws {
        try host.reach()
        guard working == nil else { throw Violation("a failure is stored in a transaction") }
        if file.writer != nil { throw FileBusy() }
        file.content.failure = message
        noteCommit()
    }

    func checkUnchanged() throws {
        try host.reach()
        guard file.version != seenVersion else { return }
        let earlier = stored
        let loaded = load()
        if loaded == nil, earlier == nil { return }
        if !isInUse, loaded != earlier { throw lost() }
        try checkClaims()
        if !claims.isEmpty, !(loaded?.isAlike(earlier) ?? (earlier == nil)) {
            throw GroupChanged()
        }
    }

    /// Sees to it that nobody else has a claimed segment.
    func checkClaims() throws {
        guard content.progress != nil else { return }
        if !claims.allSatisfy({ content.isClaimed($0.key, by: $0.value) }) { throw lost() }
    }

    /// What the next look finds too.
    private func lost() -> ClaimLost {
        seenVersion = -1
        return ClaimLost()
    }

    func begin() throws {
        try lockFile()
        do {
            try checkUnchanged()
        } catch {
            rollback()
            throw error
        }
    }

    /// Begins a transaction of whomever.
    func lockFile() throws {
        try host.reach()
        guard file.writer == nil else { throw FileBusy() }
        file.writer = number
        working = file.content
        isRefused = false
    }

    func commit(_ progress: GroupProgress) throws {
        try host.reach()
        guard var committed = working, file.writer == number else {
            throw Violation("a commit outside a transaction")
        }
        if isRefused { throw LatePoison() }
        write(progress, to: &committed)
        try world.judge(self, committed)
        file.content = committed
        world.trace(
            "commit \(number.bits)\(isInUse ? "" : " draft") \(generation): "
                + progress.segments.map { "\($0.segment)@\($0.token.position)" }.description
        )
        end()
        noteCommit()
        stored = progress
        moveClaims(to: progress.segments.map(\.segment))
        try host.reach()
    }

    /// Ends the transaction.
    func end() {
        if file.writer == number { file.writer = nil }
        working = nil
    }

    func noteCommit() {
        if seenVersion == file.version { seenVersion += 1 }
        file.version += 1
    }

    /// Writes the progress of the claimed segments, or of all where none is claimed.
    private func write(_ progress: GroupProgress, to committed: inout RowsContent) {
        let earlier = Set(stored?.segments.map(\.segment) ?? [])
        let ids = Set(progress.segments.map(\.segment.id))
        for removed in earlier where !ids.contains(removed.id) {
            committed.segments[removed.id] = nil
        }
        for segment in progress.segments
        where claims.isEmpty || claims[segment.segment] != nil || !earlier.contains(segment.segment)
        {
            let id = segment.segment.id
            let claim = committed.segments[id]?.claim ?? claims[segment.segment] ?? 0
            committed.segments[id] = RowsContent.SegmentRow(progress: segment, claim: claim)
            guard id == 0 else { continue }
            let (retry, shadow) = (committed.shared?.retry, committed.shared?.shadow)
            committed.shared = progress
            committed.shared?.retry = retry
            committed.shared?.shadow = shadow
        }
        if let mark = progress.lastMark, mark.position.number % world.plan.markInterval == 0 {
            committed.marks[mark.position] = mark
        }
        if progress.retry != stored?.retry { committed.shared?.retry = progress.retry }
        if progress.shadow != stored?.shadow { committed.shared?.shadow = progress.shadow }
    }

    func rollback() { end() }

    func reset() throws {
        try host.reach()
        working?.rows = []
    }

    func handler() throws -> any GroupHandler { self }

    func mayHandle(_ event: borrowing EventView) -> Bool {
        !event.isOfSystemStream && event.eventType != Plan.unhandledType
    }

    func isAboutEvent(_ error: any Error) -> Bool { error is Poison || error is LatePoison }

    func handle(_ event: borrowing EventView, isReplay: Bool) throws -> Bool {
        try host.reach()
        guard mayHandle(event) else { return false }
        let position = event.position
        switch world.poison(at: position) {
        case .poison: throw Poison()
        case .latePoison: isRefused = true
        case nil: break
        }
        guard working != nil else { throw world.violation("handled outside a transaction") }
        if content.skipped[position] != nil {
            throw world.violation("position \(position) is handled although it is skipped")
        }
        let expected = content.letters[position]?.isReplay ?? file.isKnown(position)
        if isReplay != expected {
            throw world.violation(
                "position \(position) has the replay flag \(isReplay) in generation \(generation)"
            )
        }
        working?.rows.append(
            RowsContent.Row(position: position, isReplay: isReplay, generation: generation)
        )
        working?.decided.insert(position)
        return true
    }
}
