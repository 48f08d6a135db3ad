import Glibc
import Synchronization

/// A shared page that a process has open on a simulated machine.
final class SimulatedPage: SharedPage {
    private let disk: SimulatedDisk
    private let path: String
    private let node: Int
    private let page: Int
    private let isWritable: Bool

    init(disk: SimulatedDisk, path: String, node: Int, page: Int, isWritable: Bool) {
        self.disk = disk
        self.path = path
        self.node = node
        self.page = page
        self.isWritable = isWritable
    }

    deinit {
        unlock()
    }

    private var holder: MachineState.LockHolder {
        MachineState.LockHolder(process: disk.process, page: page)
    }

    func load(_ word: SharedPageWord) -> UInt64 {
        disk.machine.state.withLock { $0.tree.nodes[node].words[word.index] }
    }

    func store(_ word: SharedPageWord, _ value: UInt64) {
        checkIsWritable()
        // The store of a process that was killed does nothing.
        try? disk.perform("store", .store, path, word.index, value) {
            $0.tree.nodes[node].store(word.index, value)
        }
    }

    var counter: UInt32 {
        disk.machine.state.withLock { $0.tree.nodes[node].counter }
    }

    func raise() {
        checkIsWritable()
        disk.machine.state.withLock { state in
            if !state.processes[disk.process].isDead { state.tree.nodes[node].counter &+= 1 }
        }
        disk.machine.wake()
    }

    func wait(since seen: UInt32, timeoutMilliseconds: Int) {
        try? disk.machine.wait(milliseconds: timeoutMilliseconds) { counter != seen }
    }

    func lock() throws(DiskError) {
        try disk.machine.wait { () throws(DiskError) in try tryLock() }
    }

    func tryLock() throws(DiskError) -> Bool {
        checkIsWritable()
        return try disk.perform("fcntl", .lock, path) { (state) throws(DiskError) in
            guard state.locks[node] == nil else { return false }
            guard state.tree.paths.values.contains(node) else {
                throw DiskError(call: "fcntl", path: path, number: ESTALE)
            }
            state.locks[node] = holder
            return true
        }
    }

    func isLocked() throws(DiskError) -> Bool {
        disk.machine.state.withLock { state in
            state.locks[node].map { $0 != holder } ?? false
        }
    }

    func unlock() {
        let wasHeld = disk.machine.state.withLock { state in
            guard state.locks[node] == holder else { return false }
            state.locks[node] = nil
            return true
        }
        if wasHeld { disk.machine.wake() }
    }

    private func checkIsWritable() {
        precondition(isWritable, "A page shared for reading is neither changed nor locked.")
    }
}

extension SimulatedNode {
    /// Makes a file a shared page, if it is not one yet.
    mutating func becomePage() {
        guard words.isEmpty else { return }
        words = [UInt64](repeating: 0, count: SharedPageWord.count)
        size = 512
    }
}
