import Disk
import EventModel
import Processing

/// The page in which the owner of a group shows signs of life, and whose lock is the claim.
struct SignsPage: Sendable {
    private let page: any SharedPage

    init(_ page: any SharedPage) {
        self.page = page
    }

    /// Takes the claim where nobody has it; the operating system gives it back when its holder
    /// dies.
    func claim() throws(DiskError) -> Bool {
        try page.tryLock()
    }

    func release() {
        page.store(.process, 0)
        page.unlock()
    }

    func publish(_ signs: ProcessorSigns) {
        page.store(.heartbeat, UInt64(bitPattern: signs.heartbeat.microseconds))
        page.store(.position, signs.position.number)
        page.store(.rate, signs.ratePerSecond.bitPattern)
        page.store(.advancedTime, UInt64(bitPattern: signs.advancedTime.microseconds))
        page.store(.failedPosition, signs.failedPosition?.number ?? 0)
        page.store(.shadowPosition, signs.shadowPosition.map { $0.number + 1 } ?? 0)
        page.store(.process, UInt64(UInt32(bitPattern: signs.process)))
    }

    /// The signs of the owner; nothing where no process has the claim.
    func read() throws(DiskError) -> ProcessorSigns? {
        guard try page.isLocked() else { return nil }
        let rate = Double(bitPattern: page.load(.rate))
        let failed = page.load(.failedPosition)
        let shadow = page.load(.shadowPosition)
        return ProcessorSigns(
            process: Int32(truncatingIfNeeded: page.load(.process)),
            heartbeat: Timestamp(microseconds: Int64(bitPattern: page.load(.heartbeat))),
            position: Position(page.load(.position)),
            ratePerSecond: rate.isFinite ? max(0, rate) : 0,
            advancedTime: Timestamp(microseconds: Int64(bitPattern: page.load(.advancedTime))),
            failedPosition: failed == 0 ? nil : Position(failed),
            shadowPosition: shadow == 0 ? nil : Position(shadow - 1)
        )
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
}
