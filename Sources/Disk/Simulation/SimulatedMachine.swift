import CSystem
import Synchronization

/// A machine in memory that loses what was not synced when it crashes.
///
/// Every process on it sees its disk through a ``SimulatedDisk`` of its own. What processes do is
/// numbered, so that a fault, a death or a crash can be had at any of it; the same seed and the
/// same calls in the same order, which only one thread at a time gives, lead to the same bytes
/// and the same ``traceHash``.
///
/// What it takes to make something durable: for the bytes and the size of a file, a sync of the
/// file; for a name, a sync of the directory it is in, and of every directory above. Permissions
/// never are for certain. Shared pages live in memory that a crash may lose.
///
/// The root directory has an empty path; nobody but the owner may be imagined, and directories
/// cannot be renamed.
package final class SimulatedMachine: Sendable {
    let state: Mutex<MachineState>
    private let seed: UInt64
    /// Where threads wait for locks and for shared pages to be raised.
    private let changes = ChangeCounter()

    /// Starts a machine with an empty disk.
    ///
    /// - Parameter seed: chooses the random bytes and all else that is left open.
    package convenience init(seed: UInt64) {
        self.init(restarting: SimulatedTree(), seed: seed)
    }

    /// Starts a machine on a disk that a crash left.
    package init(restarting tree: SimulatedTree, seed: UInt64) {
        self.seed = seed
        let random = RandomSequence(seed: RandomSequence.mix(seed ^ tree.bootCount << 32))
        state = Mutex(MachineState(tree: tree, random: random))
    }

    /// A disk as a new process sees it.
    package func startProcess() -> SimulatedDisk {
        state.withLock { state in
            state.processes.append(SimulatedProcess())
            return SimulatedDisk(machine: self, process: state.processes.count - 1)
        }
    }

    /// The machine after its power failed and it was started again; this one goes on as before.
    package func crashed(_ policy: CrashPolicy) -> SimulatedMachine {
        let tree = image.tree
        return SimulatedMachine(restarting: tree.crashed(policy.plan(for: tree)), seed: seed)
    }

    /// What is on disk now, and what is not yet.
    package var image: SimulatedImage {
        state.withLock { $0.image }
    }

    /// Begins to keep an image after each operation that may have changed something.
    package func keepImages() {
        state.withLock { $0.isKeepingImages = true }
    }

    /// The images kept since they were last taken.
    package func takeImages() -> [SimulatedImage] {
        state.withLock { state in
            let images = state.images
            state.images = []
            return images
        }
    }

    /// What processes have done, in order; an operation's index is its number.
    package var operations: [DiskOperation] {
        state.withLock { $0.operations }
    }

    /// How many operations there were.
    package var operationCount: Int {
        state.withLock { $0.operations.count }
    }

    /// A hash over everything processes have done and written; the same in every run.
    package var traceHash: UInt64 {
        state.withLock { $0.traceHash }
    }

    /// What goes wrong from now on.
    package var faults: [DiskFault] {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// How many bytes all files together may have; nothing means any number.
    package var capacity: Int? {
        get { state.withLock { $0.tree.capacity } }
        set { state.withLock { $0.tree.capacity = newValue } }
    }

    /// How many bytes all files together have.
    package var usedBytes: Int {
        state.withLock { $0.tree.usedBytes }
    }

    /// A number that is another one after each start.
    var bootIdentity: UInt64 {
        let count = state.withLock { $0.tree.bootCount }
        return RandomSequence.mix(seed &+ count &* 0x9E37_79B9_7F4A_7C15) | 1
    }

    /// Wakes every thread that waits for anything.
    func wake() {
        changes.raise()
    }

    /// Waits until `isReached` or the time is up, for ever where none is given; looks again
    /// whenever something woke it.
    func wait(milliseconds: Int? = nil, until isReached: () throws(DiskError) -> Bool)
        throws(DiskError)
    {
        while true {
            let seen = changes.value
            if try isReached() { return }
            changes.wait(since: seen, milliseconds: milliseconds ?? 60_000)
            if milliseconds != nil { return }
        }
    }
}

// Sendable: the address is set once; what is behind it is read and written atomically.
/// A number that threads wait on.
private final class ChangeCounter: @unchecked Sendable {
    private let address = UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8)

    init() {
        address.storeBytes(of: 0, as: UInt64.self)
    }

    deinit {
        address.deallocate()
    }

    var value: UInt32 { shared_counter(address) }

    func raise() {
        shared_counter_raise(address)
    }

    func wait(since seen: UInt32, milliseconds: Int) {
        shared_counter_wait(address, seen, Int64(milliseconds))
    }
}
