import Disk
import EventModel
import Processing

/// The page in which the owner of a segment shows signs of life, and whose lock says that it lives.
struct SignsPage: Sendable {
    private let page: any SharedPage

    init(_ page: any SharedPage) {
        self.page = page
    }

    /// Takes the lock where nobody has it; the operating system gives it back when its holder dies.
    func lock() throws(DiskError) -> Bool { try page.tryLock() }

    func unlock() { page.unlock() }

    /// Whether another storage holds the lock.
    func isLocked() throws(DiskError) -> Bool { try page.isLocked() }

    /// The storage that has claimed the segment, or had.
    var owner: HostNumber {
        get { HostNumber(page.load(.owner)) }
        nonmutating set { page.store(.owner, newValue.bits) }
    }

    /// The storage that asks for the segment; nothing where none does.
    var asker: HostNumber? {
        get { HostNumber(present: page.load(.asker)) }
        nonmutating set { page.store(.asker, newValue?.bits ?? 0) }
    }

    /// The owner that wants all segments; nothing where it does not.
    var gatherer: HostNumber? {
        get { HostNumber(present: page.load(.gatherer)) }
        nonmutating set { page.store(.gatherer, newValue?.bits ?? 0) }
    }

    /// A number that changes with every sign of life.
    var beat: UInt64 {
        get { page.load(.beat) }
        nonmutating set { page.store(.beat, newValue) }
    }

    /// The event in the hands of the owner's handlers; nothing where there is none.
    var handling: ProcessorSigns.Handling? {
        get {
            let number = page.load(.handlingPosition)
            guard number != 0 else { return nil }
            let time = Int64(bitPattern: page.load(.handlingTime))
            return ProcessorSigns.Handling(
                position: Position(number),
                seenTime: Timestamp(microseconds: time)
            )
        }
        nonmutating set {
            let time = newValue?.seenTime.microseconds ?? 0
            page.store(.handlingTime, UInt64(bitPattern: time))
            page.store(.handlingPosition, newValue?.position.number ?? 0)
        }
    }

    /// Says that nobody runs the segment.
    func leave() {
        page.store(.process, 0)
        owner = HostNumber(0)
        gatherer = nil
        handling = nil
        page.store(.goal, 0)
    }

    func publish(_ signs: ProcessorSigns) {
        page.store(.heartbeat, UInt64(bitPattern: signs.heartbeat.microseconds))
        page.store(.position, signs.position.number)
        page.store(.rate, signs.ratePerSecond.bitPattern)
        page.store(.advancedTime, UInt64(bitPattern: signs.advancedTime.microseconds))
        page.store(.failedPosition, signs.failedPosition?.number ?? 0)
        page.store(.goal, signs.goal?.number ?? 0)
        page.store(.shadowPosition, signs.shadowPosition.map { $0.number + 1 } ?? 0)
        page.store(.process, UInt64(UInt32(bitPattern: signs.process)))
    }

    /// The signs of the owner; nothing where no process has the claim.
    func read() throws(DiskError) -> ProcessorSigns? {
        guard try page.isLocked() else { return nil }
        let rate = Double(bitPattern: page.load(.rate))
        let failed = page.load(.failedPosition)
        let goal = page.load(.goal)
        let shadow = page.load(.shadowPosition)
        return ProcessorSigns(
            process: Int32(truncatingIfNeeded: page.load(.process)),
            heartbeat: Timestamp(microseconds: Int64(bitPattern: page.load(.heartbeat))),
            position: Position(page.load(.position)),
            ratePerSecond: rate.isFinite ? max(0, rate) : 0,
            advancedTime: Timestamp(microseconds: Int64(bitPattern: page.load(.advancedTime))),
            failedPosition: failed == 0 ? nil : Position(failed),
            goal: goal == 0 ? nil : Position(goal),
            shadowPosition: shadow == 0 ? nil : Position(shadow - 1),
            handling: handling
        )
    }
}

extension HostNumber {
    /// Reads a number of which 0 is none.
    fileprivate init?(present bits: UInt64) {
        guard bits != 0 else { return nil }
        self.init(bits)
    }
}

extension SharedPageWord {
    fileprivate static let process = SharedPageWord(0)
    fileprivate static let heartbeat = SharedPageWord(1)
    fileprivate static let position = SharedPageWord(2)
    fileprivate static let rate = SharedPageWord(3)
    fileprivate static let advancedTime = SharedPageWord(4)
    fileprivate static let failedPosition = SharedPageWord(5)
    fileprivate static let shadowPosition = SharedPageWord(6)
    fileprivate static let owner = SharedPageWord(7)
    fileprivate static let beat = SharedPageWord(8)
    fileprivate static let asker = SharedPageWord(9)
    fileprivate static let gatherer = SharedPageWord(10)
    fileprivate static let handlingPosition = SharedPageWord(11)
    fileprivate static let handlingTime = SharedPageWord(12)
    fileprivate static let goal = SharedPageWord(13)
}
