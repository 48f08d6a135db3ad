import Glibc

/// A file that a process has open on a simulated machine.
final class SimulatedFile: DiskFile {
    let path: String
    private let disk: SimulatedDisk
    private let node: Int
    private let isWritable: Bool

    init(disk: SimulatedDisk, path: String, node: Int, isWritable: Bool) {
        self.disk = disk
        self.path = path
        self.node = node
        self.isWritable = isWritable
    }

    func size() throws(DiskError) -> Int {
        try disk.perform("fstat", .size, path) { $0.tree.nodes[node].size }
    }

    func read(_ range: Range<Int>) throws(DiskError) -> [UInt8] {
        let (offset, count) = (range.lowerBound, UInt64(range.count))
        return try disk.performed("pread", .read, path, offset, count, []) { state, interference in
            var bytes = state.tree.read(range, of: node)
            if case .flippedBit = interference, !bytes.isEmpty {
                bytes[state.random.next(below: bytes.count)] ^= 1 << (state.random.next() & 7)
            }
            return bytes
        }
    }

    func write(_ bytes: RawSpan, at offset: Int) throws(DiskError) {
        guard isWritable else { throw DiskError(call: "pwrite", path: path, number: EBADF) }
        let bytes = bytes.withUnsafeBytes { [UInt8]($0) }
        try disk.performed("pwrite", .write, path, offset, UInt64(bytes.count), bytes) {
            (state, interference) throws(DiskError) in
            try state.write(bytes, to: node, at: offset, path, interference)
        }
    }

    func sync() throws(DiskError) {
        try disk.performed("fdatasync", .sync, path, 0, 0, []) {
            (state, interference) throws(DiskError) in
            if case .failedSync(let number) = interference {
                state.tree.markClean(node)
                throw DiskError(call: "fdatasync", path: path, number: number)
            }
            state.tree.sync(node)
        }
    }

    func map(size: Int) throws(DiskError) -> any MappedBytes {
        try disk.performed("mmap", .map, path, 0, UInt64(size), []) {
            (state, interference) throws(DiskError) in
            guard size > 0, size <= state.tree.nodes[node].size else {
                throw DiskError(call: "mmap", path: path, number: EINVAL)
            }
            let live = state.tree.nodes[node].liveBytes()
            guard case .flippedBit = interference else { return LiveMapping(live, size: size) }
            let copy = LiveBytes(live[0..<size], capacity: size)
            let byte = state.random.next(below: size)
            let flipped = copy[byte..<byte + 1][0] ^ (1 << (state.random.next() & 7))
            copy.address.storeBytes(of: flipped, toByteOffset: byte, as: UInt8.self)
            return LiveMapping(copy, size: size)
        }
    }
}

extension MachineState {
    /// Writes bytes to a file, or what is left of that.
    mutating func write(
        _ bytes: [UInt8],
        to node: Int,
        at offset: Int,
        _ path: String,
        _ interference: Interference
    ) throws(DiskError) {
        switch interference {
        case .halfway(let number):
            _ = tree.write(Array(bytes[..<(bytes.count / 2)]), to: node, at: offset)
            throw DiskError(call: "pwrite", path: path, number: number)
        case .misdirectedWrite:
            let room = max(0, tree.nodes[node].size - bytes.count) / 512
            _ = tree.write(bytes, to: node, at: random.next(below: room + 1) * 512)
        case .none, .failedSync, .flippedBit:
            guard tree.write(bytes, to: node, at: offset) == bytes.count else {
                throw DiskError(call: "pwrite", path: path, number: ENOSPC)
            }
        }
    }
}
