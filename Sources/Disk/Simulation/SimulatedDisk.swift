import Glibc
import Synchronization

/// The disk of a ``SimulatedMachine`` as one process sees it.
package struct SimulatedDisk: Disk {
    /// The machine.
    package let machine: SimulatedMachine
    /// The number of the process, from 0.
    package let process: Int

    /// Ends the process as `kill -9` does: its locks are given back, and whatever it still calls
    /// fails and does nothing.
    package func kill() {
        machine.state.withLock { $0.kill(process) }
        machine.wake()
    }

    /// Ends the process at one of its operations, which is not done.
    ///
    /// - Parameters:
    ///   - operation: how many operations the process has done by then.
    ///   - isHalfway: whether the operation is done by half, where it is one that writes.
    package func kill(atOperation operation: Int, halfway isHalfway: Bool = false) {
        machine.state.withLock {
            $0.processes[process].lastOperation = operation
            $0.processes[process].diesHalfway = isHalfway
        }
    }

    /// Whether the process has been ended.
    package var isDead: Bool {
        machine.state.withLock { $0.processes[process].isDead }
    }

    /// How many operations the process has done.
    package var operationCount: Int {
        machine.state.withLock { $0.processes[process].operationCount }
    }

    /// The number of the machine's start.
    package var bootIdentity: UInt64 { machine.bootIdentity }

    /// Bytes that the machine's seed chooses.
    package func randomBytes(_ count: Int) -> [UInt8] {
        machine.state.withLock { state in
            (0..<count).map { _ in UInt8(truncatingIfNeeded: state.random.next()) }
        }
    }

    /// Opens a file that exists; one without the permission to write it not for writing.
    package func open(_ path: String, writable: Bool) throws(DiskError) -> any DiskFile {
        let node = try perform("open", .open, path) { (state) throws(DiskError) in
            let node = try state.tree.fileNode("open", path)
            if writable, state.tree.nodes[node].permissions & 0o200 == 0 {
                throw DiskError(call: "open", path: path, number: EACCES)
            }
            return node
        }
        return SimulatedFile(disk: self, path: path, node: node, isWritable: writable)
    }

    /// Makes a file of zeros, which are written like any others.
    package func create(_ path: String, size: Int) throws(DiskError) -> any DiskFile {
        let node = try performed("open", .create, path, 0, UInt64(size), []) {
            (state, interference) throws(DiskError) in
            let node = try state.tree.make("open", path, isDirectory: false)
            let zeros = [UInt8](repeating: 0, count: size)
            try state.write(zeros, to: node, at: 0, path, interference)
            return node
        }
        return SimulatedFile(disk: self, path: path, node: node, isWritable: true)
    }

    /// Makes a directory.
    package func createDirectory(_ path: String) throws(DiskError) {
        try perform("mkdir", .createDirectory, path) { (state) throws(DiskError) in
            if state.tree.paths[path] != nil { return }
            _ = try state.tree.make("mkdir", path, isDirectory: true)
        }
    }

    /// The names in a directory.
    package func names(in path: String) throws(DiskError) -> [String] {
        try perform("opendir", .names, path) { (state) throws(DiskError) in
            try state.tree.names(in: path)
        }
    }

    /// Whether a path leads anywhere.
    package func exists(_ path: String) -> Bool {
        machine.state.withLock { $0.tree.paths[path] != nil }
    }

    /// What is known of a path.
    package func status(_ path: String) throws(DiskError) -> FileStatus {
        try perform("lstat", .status, path) { (state) throws(DiskError) in
            try state.tree.status(path)
        }
    }

    /// Gives a file another name.
    package func rename(_ path: String, to newPath: String) throws(DiskError) {
        try perform("rename", .rename, path) { (state) throws(DiskError) in
            try state.tree.rename(path, to: newPath)
        }
    }

    /// Removes a file.
    package func remove(_ path: String) throws(DiskError) {
        try perform("unlink", .remove, path) { (state) throws(DiskError) in
            _ = try state.tree.fileNode("unlink", path)
            try state.tree.remove(path)
        }
    }

    /// Removes a directory and what is in it.
    package func removeTree(_ path: String) throws(DiskError) {
        for name in try names(in: path) {
            let entry = path + "/" + name
            if try status(entry).kind == .directory {
                try removeTree(entry)
            } else {
                try remove(entry)
            }
        }
        try perform("rmdir", .remove, path) { (state) throws(DiskError) in
            try state.tree.remove(path)
        }
    }

    /// Takes the right to write away.
    package func makeReadOnly(_ path: String) throws(DiskError) {
        try perform("chmod", .permissions, path) { (state) throws(DiskError) in
            try state.tree.setPermissions(path, 0o400)
        }
    }

    /// Brings the names in a directory to disk.
    package func syncDirectory(_ path: String) throws(DiskError) {
        try perform("fsync", .syncDirectory, path) { (state) throws(DiskError) in
            try state.tree.syncDirectory(path)
        }
    }

    /// Opens a shared page.
    package func share(_ path: String, writable: Bool) throws(DiskError) -> any SharedPage {
        let (node, page) = try perform("open", .share, path) { (state) throws(DiskError) in
            if writable, state.tree.paths[path] == nil {
                _ = try state.tree.make("open", path, isDirectory: false)
            }
            let node = try state.tree.fileNode("open", path)
            state.tree.nodes[node].becomePage()
            state.pageCount += 1
            return (node, state.pageCount)
        }
        return SimulatedPage(disk: self, path: path, node: node, page: page, isWritable: writable)
    }
}

extension SimulatedDisk {
    /// Does an operation to which nothing can happen but that it fails as a whole.
    func perform<Result>(
        _ call: String,
        _ kind: DiskOperation.Kind,
        _ path: String,
        _ offset: Int = 0,
        _ count: UInt64 = 0,
        _ body: (inout MachineState) throws(DiskError) -> Result
    ) throws(DiskError) -> Result {
        try performed(call, kind, path, offset, count, []) { (state, _) throws(DiskError) in
            try body(&state)
        }
    }

    /// Does an operation, which is told what else happens to it.
    func performed<Result>(
        _ call: String,
        _ kind: DiskOperation.Kind,
        _ path: String,
        _ offset: Int,
        _ count: UInt64,
        _ content: [UInt8],
        _ body: (inout MachineState, Interference) throws(DiskError) -> Result
    ) throws(DiskError) -> Result {
        let operation = DiskOperation(
            kind: kind,
            process: process,
            path: path,
            offset: offset,
            count: count
        )
        return try machine.state.withLock { (state) throws(DiskError) in
            let interference = try state.begin(call, operation, content)
            defer { state.end() }
            return try body(&state, interference)
        }
    }
}
