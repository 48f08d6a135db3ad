/// What a crash of a simulated machine leaves of what was not synced.
package struct CrashPolicy: Hashable, Sendable {
    /// What becomes of unsynced writes, names and permissions.
    package enum Changes: Hashable, Sendable, CaseIterable {
        /// All are lost.
        case none
        /// All are kept.
        case all
        /// The oldest are kept, the next is torn, the others are lost.
        case prefix
        /// The newest are kept, the others are lost.
        case suffix
        /// Any of them are kept.
        case subset
        /// Any sectors of 512 bytes of any of them are kept.
        case tornSectors
        /// Any pages of 4,096 bytes of any of them are kept.
        case tornPages
        /// Names are kept, what was written is lost.
        case namesOnly
        /// What was written is kept, names are lost.
        case contentsOnly
        /// Names and sizes are kept, with zeros in place of what was written.
        case sizesWithZeros
        /// Names and sizes are kept, with bytes of others in place of what was written.
        case sizesWithGarbage

        /// Whether the seed makes a difference.
        package var isRandom: Bool {
            switch self {
            case .prefix, .suffix, .subset, .tornSectors, .tornPages: true
            case .none, .all, .namesOnly, .contentsOnly, .sizesWithZeros, .sizesWithGarbage:
                false
            }
        }
    }

    /// What becomes of shared pages.
    package enum Page: Hashable, Sendable, CaseIterable {
        /// They are all zeros again.
        case lost
        /// The latest stores are lost, as many as the seed says.
        case stale
        /// They are as they were.
        case current
    }

    /// What becomes of unsynced changes.
    package var changes: Changes
    /// What becomes of shared pages.
    package var page: Page
    /// Chooses among what the policy leaves open.
    package var seed: UInt64

    /// Makes a policy.
    package init(_ changes: Changes, page: Page = .current, seed: UInt64 = 0) {
        self.changes = changes
        self.page = page
        self.seed = seed
    }
}

/// What a crash does to each change that was not synced; equal plans leave equal machines.
package struct CrashPlan: Hashable, Sendable {
    /// What is left of one change.
    enum Survival: Hashable, Sendable {
        case lost
        case kept
        /// Of a write only the units whose bit is set, over and over, are kept.
        case torn(unit: Int, mask: UInt64)
        /// A file has the size that a write gave it; the bytes are those of the generator, or
        /// zeros.
        case grown(garbage: UInt64?)
    }

    /// One for each change, oldest first.
    var survivals: [Survival] = []
    /// How many stores each shared page loses; nothing means all there ever were.
    var lostStores: [Int?] = []
}

extension CrashPolicy {
    /// Settles what the policy leaves open for a tree.
    package func plan(for tree: SimulatedTree) -> CrashPlan {
        var random = RandomSequence(seed: seed)
        let count = tree.changes.count
        let cut = random.next(below: count + 1)
        var plan = CrashPlan()
        plan.survivals.reserveCapacity(count)
        for (index, change) in tree.changes.enumerated() {
            plan.survivals.append(survival(of: change, at: index, cut: cut, &random))
        }
        for node in tree.nodes where !node.words.isEmpty {
            switch page {
            case .lost: plan.lostStores.append(nil)
            case .current: plan.lostStores.append(0)
            case .stale: plan.lostStores.append(random.next(below: node.earlierWords.count + 1))
            }
        }
        return plan
    }

    private func survival(
        of change: UnsyncedChange,
        at index: Int,
        cut: Int,
        _ random: inout RandomSequence
    ) -> CrashPlan.Survival {
        switch changes {
        case .none: .lost
        case .all: .kept
        case .prefix:
            index < cut ? .kept : index > cut ? .lost : change.torn(unit: 512, random.next())
        case .suffix: index < cut ? .lost : .kept
        case .subset: random.next() & 1 == 0 ? .lost : .kept
        case .tornSectors: change.torn(unit: 512, random.next())
        case .tornPages: change.torn(unit: 4096, random.next())
        case .namesOnly: change.isWrite ? .lost : .kept
        case .contentsOnly: change.isWrite ? .kept : .lost
        case .sizesWithZeros: change.isWrite ? .grown(garbage: nil) : .kept
        case .sizesWithGarbage: change.isWrite ? .grown(garbage: seed) : .kept
        }
    }
}

extension UnsyncedChange {
    fileprivate var isWrite: Bool {
        if case .write = self { true } else { false }
    }

    /// What is left where the units whose bit is set are kept; a change of another kind than a
    /// write is kept or lost as a whole.
    fileprivate func torn(unit: Int, _ random: UInt64) -> CrashPlan.Survival {
        guard case .write(_, let offset, let bytes) = self else {
            return random & 1 == 0 ? .lost : .kept
        }
        let count = (offset + bytes.count + unit - 1) / unit - offset / unit
        let bits = count >= 64 ? UInt64.max : (1 << UInt64(count)) - 1
        let mask = random & bits
        return mask == 0 ? .lost : mask == bits ? .kept : .torn(unit: unit, mask: mask)
    }
}
