import Glibc

/// The files and directories of a simulated machine: as processes see them, as they are on disk,
/// and what lies between.
///
/// A value: a copy is an image of the machine, made in constant time; the bytes that processes see
/// are not part of it, since what is on disk and what is not yet tell them.
package struct SimulatedTree: Sendable {
    var nodes = [SimulatedNode(isDirectory: true)]
    /// What each path leads to, as processes see it.
    var paths: [String: Int] = ["": 0]
    /// What each path leads to on disk.
    var durablePaths: [String: Int] = ["": 0]
    /// What is not yet on disk, oldest first.
    var changes: [UnsyncedChange] = []
    /// How many bytes all files together may have; nothing means any number.
    var capacity: Int?
    /// How often the machine was started.
    var bootCount: UInt64 = 1

    /// The node a path leads to.
    func node(_ call: String, _ path: String) throws(DiskError) -> Int {
        guard let node = paths[path] else {
            throw DiskError(call: call, path: path, number: ENOENT)
        }
        return node
    }

    /// The node of a file.
    func fileNode(_ call: String, _ path: String) throws(DiskError) -> Int {
        let node = try node(call, path)
        if nodes[node].isDirectory { throw DiskError(call: call, path: path, number: EISDIR) }
        return node
    }

    /// The directory a path lies in; the root's path is empty.
    func parent(_ call: String, of path: String) throws(DiskError) -> String {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let parent = String(path[..<slash])
        guard nodes[try node(call, parent)].isDirectory else {
            throw DiskError(call: call, path: path, number: ENOTDIR)
        }
        return parent
    }

    /// Makes an empty file or directory, which a crash may undo.
    mutating func make(
        _ call: String,
        _ path: String,
        isDirectory: Bool
    ) throws(DiskError) -> Int {
        let parent = try parent(call, of: path)
        guard paths[path] == nil else {
            throw DiskError(call: call, path: path, number: EEXIST)
        }
        let node = nodes.count
        nodes.append(SimulatedNode(isDirectory: isDirectory))
        paths[path] = node
        let name = UnsyncedChange.Name(path: path, node: node)
        changes.append(.names(directory: parent, [name]))
        return node
    }

    /// The names in a directory, sorted by their bytes.
    func names(in path: String) throws(DiskError) -> [String] {
        guard nodes[try node("opendir", path)].isDirectory else {
            throw DiskError(call: "opendir", path: path, number: ENOTDIR)
        }
        let prefix = path + "/"
        return paths.keys
            .filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }
            .map { String($0.dropFirst(prefix.count)) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Gives a file another name.
    mutating func rename(_ path: String, to newPath: String) throws(DiskError) {
        let node = try fileNode("rename", path)
        let parent = try parent("rename", of: path)
        let newParent = try self.parent("rename", of: newPath)
        if paths[newPath] != nil { _ = try fileNode("rename", newPath) }
        paths[path] = nil
        paths[newPath] = node
        let old = UnsyncedChange.Name(path: path, node: nil)
        let new = UnsyncedChange.Name(path: newPath, node: node)
        if parent == newParent {
            changes.append(.names(directory: parent, [old, new]))
        } else {
            changes.append(.names(directory: newParent, [new]))
            changes.append(.names(directory: parent, [old]))
        }
    }

    /// Takes a name away.
    mutating func remove(_ path: String) throws(DiskError) {
        let parent = try parent("unlink", of: path)
        paths[path] = nil
        let name = UnsyncedChange.Name(path: path, node: nil)
        changes.append(.names(directory: parent, [name]))
    }

    /// Changes the permission bits.
    mutating func setPermissions(_ path: String, _ permissions: UInt16) throws(DiskError) {
        let node = try node("chmod", path)
        nodes[node].permissions = permissions
        changes.append(.permissions(node: node, permissions))
    }

    /// What is known of a path.
    func status(_ path: String) throws(DiskError) -> FileStatus {
        let node = nodes[try node("lstat", path)]
        return FileStatus(
            kind: node.isDirectory ? .directory : .file,
            size: node.size,
            permissions: node.permissions,
            isOwn: true
        )
    }
}

extension SimulatedTree {
    /// How many bytes all files together have.
    var usedBytes: Int {
        Set(paths.values).reduce(0) { $0 + nodes[$1].size }
    }

    /// How many more bytes the files may have.
    private var freeBytes: Int {
        capacity.map { $0 - usedBytes } ?? .max
    }

    /// Writes bytes to a file, as many as there is space for.
    ///
    /// - Returns: how many were written.
    mutating func write(_ bytes: [UInt8], to node: Int, at offset: Int) -> Int {
        let growth = max(0, offset + bytes.count - nodes[node].size)
        let count = growth == 0 ? bytes.count : bytes.count - max(0, growth - max(0, freeBytes))
        guard count > 0 else { return 0 }
        let kept = count == bytes.count ? bytes : Array(bytes[..<count])
        let live = nodes[node].liveBytes(capacity: offset + count)
        kept.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: live.address + offset, count: count)
                .copyMemory(from: $0)
        }
        nodes[node].size = max(nodes[node].size, offset + count)
        changes.append(.write(node: node, offset: offset, bytes: kept))
        return count
    }

    /// The bytes of a range, as far as the file goes.
    mutating func read(_ range: Range<Int>, of node: Int) -> [UInt8] {
        let clamped = range.clamped(to: 0..<nodes[node].size)
        return [UInt8](nodes[node].liveBytes()[clamped])
    }

    /// Brings what was written to a file to disk.
    mutating func sync(_ node: Int) {
        var bytes = nodes[node].durable.bytes
        var isChanged = false
        changes.removeAll { change in
            guard case .write(node, let offset, let written) = change else { return false }
            bytes.overwrite(with: written[...], at: offset)
            isChanged = true
            return true
        }
        if isChanged { nodes[node].durable = DurableBytes(bytes) }
    }

    /// Forgets that what was written to a file is not on disk, as a failed sync does.
    mutating func markClean(_ node: Int) {
        changes.removeAll { change in
            if case .write(node, _, _) = change { true } else { false }
        }
    }

    /// Brings the names in a directory to disk.
    mutating func syncDirectory(_ path: String) throws(DiskError) {
        guard nodes[try node("open", path)].isDirectory else {
            throw DiskError(call: "open", path: path, number: ENOTDIR)
        }
        var synced: [UnsyncedChange.Name] = []
        changes.removeAll { change in
            guard case .names(path, let names) = change else { return false }
            synced += names
            return true
        }
        for name in synced { durablePaths[name.path] = name.node }
    }
}

extension [UInt8] {
    /// Puts bytes over those at an offset; zeros fill a gap before it.
    mutating func overwrite(with bytes: ArraySlice<UInt8>, at offset: Int) {
        let end = offset + bytes.count
        if end > count { append(contentsOf: repeatElement(0, count: end - count)) }
        withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: $0)
            }
        }
    }
}
