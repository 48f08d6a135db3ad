extension SimulatedTree {
    /// The tree as the machine finds it after a crash and a restart.
    ///
    /// A sector that is kept holds everything that had been written to it, since whole sectors
    /// go to disk: a later write is never kept without an earlier one of the same sector.
    package func crashed(_ plan: CrashPlan) -> SimulatedTree {
        var after = SimulatedTree()
        after.capacity = capacity
        after.bootCount = bootCount + 1
        after.nodes = nodes.map(\.restarted)
        var names = durablePaths
        var files: [Int: CrashedFile] = [:]
        for (change, survival) in zip(changes, plan.survivals) {
            switch change {
            case .write(let node, let offset, let bytes):
                files[node, default: CrashedFile(nodes[node].durable.bytes)]
                    .write(bytes, at: offset, survival)
            case .permissions(let node, let permissions):
                if survival == .kept { after.nodes[node].restart(withPermissions: permissions) }
            case .names(_, let changed):
                if survival == .kept { for name in changed { names[name.path] = name.node } }
            }
        }
        for (node, file) in files { after.nodes[node].restart(with: file.kept) }
        after.loseStores(plan.lostStores)
        after.setNames(names)
        return after
    }

    /// Takes back the latest stores to each shared page.
    private mutating func loseStores(_ counts: [Int?]) {
        var rest = counts[...]
        for node in nodes.indices where !nodes[node].words.isEmpty {
            nodes[node].loseStores(rest.popFirst() ?? nil)
        }
    }

    /// Sets the names that are there, without those below a directory that is not.
    private mutating func setNames(_ names: [String: Int]) {
        var reachable: [String: Int] = [:]
        // A path sorts after those of the directories that it lies in.
        for (path, node) in names.sorted(by: { $0.key < $1.key }) {
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
            if path.isEmpty || reachable[String(path[..<slash])] != nil { reachable[path] = node }
        }
        paths = reachable
        durablePaths = reachable
    }

    /// A number that is equal for trees with equal files, directories and pages on disk, in one
    /// run of a program.
    package var contentHash: Int {
        var sum = 0
        for (path, number) in durablePaths {
            let node = nodes[number]
            var hasher = Hasher()
            hasher.combine(path)
            hasher.combine(node.isDirectory)
            hasher.combine(node.durablePermissions)
            hasher.combine(node.durable.hash)
            hasher.combine(node.words)
            sum &+= hasher.finalize()
        }
        return sum
    }
}

extension SimulatedNode {
    /// The node with only what is on disk.
    fileprivate var restarted: SimulatedNode {
        var node = self
        node.live = nil
        node.permissions = durablePermissions
        node.size = words.isEmpty ? durable.bytes.count : size
        return node
    }

    fileprivate mutating func restart(with bytes: [UInt8]) {
        durable = DurableBytes(bytes)
        size = bytes.count
    }

    fileprivate mutating func restart(withPermissions permissions: UInt16) {
        self.permissions = permissions
        durablePermissions = permissions
    }

    /// Takes back the latest stores, or all there ever were.
    fileprivate mutating func loseStores(_ count: Int?) {
        if let count {
            for word in earlierWords.suffix(count).reversed() { words[word.index] = word.value }
        } else {
            words = [UInt64](repeating: 0, count: words.count)
        }
        earlierWords = []
    }
}

/// A file on its way through a crash.
private struct CrashedFile {
    /// What is on disk after the crash.
    var kept: [UInt8]
    /// What would be on disk, had everything been kept.
    private var written: [UInt8]

    init(_ durable: [UInt8]) {
        kept = durable
        written = durable
    }

    mutating func write(_ bytes: [UInt8], at offset: Int, _ survival: CrashPlan.Survival) {
        written.overwrite(with: bytes[...], at: offset)
        let end = offset + bytes.count
        switch survival {
        case .lost: break
        case .kept: keep(offset / 512 * 512..<(end + 511) / 512 * 512)
        case .torn(let unit, let mask): keep(offset..<end, unit: unit, mask)
        case .grown(let garbage): grow(to: end, garbage)
        }
    }

    /// Keeps the units that a range touches and whose bit is set.
    private mutating func keep(_ range: Range<Int>, unit: Int, _ mask: UInt64) {
        let first = range.lowerBound / unit
        let last = (range.upperBound - 1) / unit
        for number in first...last where mask >> UInt64((number - first) % 64) & 1 == 1 {
            keep(number * unit..<(number + 1) * unit)
        }
    }

    private mutating func keep(_ sectors: Range<Int>) {
        kept.overwrite(
            with: written[sectors.clamped(to: 0..<written.count)],
            at: sectors.lowerBound
        )
    }

    private mutating func grow(to end: Int, _ garbage: UInt64?) {
        guard end > kept.count else { return }
        var random = RandomSequence(seed: garbage ?? 0)
        while kept.count < end {
            let word = garbage == nil ? 0 : random.next()
            let count = min(8, end - kept.count)
            withUnsafeBytes(of: word) { kept.append(contentsOf: $0[..<count]) }
        }
    }
}
