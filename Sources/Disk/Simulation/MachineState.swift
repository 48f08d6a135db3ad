import Glibc

/// Everything a simulated machine knows, behind its lock.
struct MachineState: Sendable {
    var tree: SimulatedTree
    var random: RandomSequence
    var operations: [DiskOperation] = []
    var traceHash: UInt64 = 0xCBF2_9CE4_8422_2325
    var faults: [DiskFault] = []
    var processes: [SimulatedProcess] = []
    /// Who holds the lock of each shared page, by its node.
    var locks: [Int: LockHolder] = [:]
    var pageCount = 0
    /// Whether an image is kept after each operation that changes something.
    var isKeepingImages = false
    var images: [SimulatedImage] = []

    /// The process and the opened page that hold a lock.
    struct LockHolder: Hashable, Sendable {
        var process: Int
        var page: Int
    }
}

/// A process on a simulated machine.
struct SimulatedProcess: Sendable {
    var isDead = false
    var operationCount = 0
    /// The operation of the process at which it dies.
    var lastOperation: Int?
    /// Whether the operation at which it dies is done by half, where it writes.
    var diesHalfway = false
}

/// A simulated machine as it was after one operation.
package struct SimulatedImage: Sendable {
    /// The number of the operation, as in ``SimulatedMachine/operations``.
    package var operation: Int
    /// What was on disk, and what was not yet.
    package var tree: SimulatedTree
    /// The processes that held the lock of a shared page.
    package var lockHolders: Set<Int>
}

/// What happens to an operation besides what it was to do.
enum Interference {
    case none
    /// Half of what was to be written is; then the call fails.
    case halfway(Int32)
    case failedSync(Int32)
    case flippedBit
    case misdirectedWrite
}

extension MachineState {
    /// Numbers an operation, and tells what happens to it.
    ///
    /// - Throws: ``DiskError`` where the operation fails without doing anything.
    mutating func begin(
        _ call: String,
        _ operation: DiskOperation,
        _ content: [UInt8]
    ) throws(DiskError) -> Interference {
        try checkIsAlive(call, operation)
        operation.fold(into: &traceHash, content)
        let number = operations.count
        operations.append(operation)
        if processes[operation.process].isLast {
            kill(operation.process)
            let isWrite = operation.kind == .write || operation.kind == .create
            if isWrite, processes[operation.process].diesHalfway { return .halfway(EOWNERDEAD) }
            throw DiskError(call: call, path: operation.path, number: EOWNERDEAD)
        }
        processes[operation.process].operationCount += 1
        let fault = faults.first {
            ($0.isLasting ? $0.operation <= number : $0.operation == number)
                && $0.concerns(operation.kind)
        }
        switch fault?.kind {
        case nil: return .none
        case .error(let error): throw DiskError(call: call, path: operation.path, number: error)
        case .shortWrite: return .halfway(ENOSPC)
        case .failedSync(let error): return .failedSync(error)
        case .flippedBit: return .flippedBit
        case .misdirectedWrite: return .misdirectedWrite
        }
    }

    private func checkIsAlive(
        _ call: String,
        _ operation: DiskOperation
    ) throws(DiskError) {
        guard processes[operation.process].isDead else { return }
        throw DiskError(call: call, path: operation.path, number: EOWNERDEAD)
    }

    /// Keeps an image where the last operation may have changed something.
    mutating func end() {
        guard isKeepingImages, let last = operations.last, last.kind.isChange else { return }
        images.append(image)
    }

    /// The machine as it is now.
    var image: SimulatedImage {
        SimulatedImage(
            operation: operations.count - 1,
            tree: tree,
            lockHolders: Set(locks.values.map(\.process))
        )
    }

    /// Ends a process, which gives its locks back.
    mutating func kill(_ process: Int) {
        processes[process].isDead = true
        locks = locks.filter { $0.value.process != process }
    }
}

extension SimulatedProcess {
    fileprivate var isLast: Bool { operationCount == lastOperation }
}
