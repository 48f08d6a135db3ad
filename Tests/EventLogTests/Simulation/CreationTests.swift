import Disk
import EventLog
import EventModel
import EventStorage
import Testing

/// Crashes of the machine while a store is made.
@Suite struct CreationTests {
    /// A machine on whose disk there is only the directory for the store.
    private static func makeMachine() throws -> SimulatedMachine {
        let machine = SimulatedMachine(seed: 1)
        let disk = machine.startProcess()
        try disk.createDirectory("/data")
        try disk.syncDirectory("")
        return machine
    }

    private static let policies = CrashPolicy.Page.allCases.flatMap { page in
        CrashPolicy.Changes.allCases.flatMap { changes in
            (UInt64(0)..<(changes.isRandom ? 12 : 1)).map {
                CrashPolicy(changes, page: page, seed: $0)
            }
        }
    }

    @Test func `a store that was made survives every crash`() throws {
        let machine = try CreationTests.makeMachine()
        _ = try SimulatedStore.create(machine.startProcess())
        for policy in CreationTests.policies {
            try RecoveryCheck(history: History()).run(machine.crashed(policy))
        }
    }

    @Test func `a store that a crash kept from being made can be made again`() throws {
        let machine = try CreationTests.makeMachine()
        machine.keepImages()
        _ = try SimulatedStore.create(machine.startProcess())
        for image in machine.takeImages() {
            for policy in CreationTests.policies { try makeAgain(image, policy) }
        }
    }

    /// Makes a store where a crash left none.
    private func makeAgain(_ image: SimulatedImage, _ policy: CrashPolicy) throws {
        let tree = image.tree.crashed(policy.plan(for: image.tree))
        let crashed = SimulatedMachine(restarting: tree, seed: 1)
        let disk = crashed.startProcess()
        do {
            _ = try SimulatedStore.open(disk)
        } catch let error as StorageError where error.code == .notAStore {
            _ = try SimulatedStore.create(disk)
        }
        disk.kill()
        try RecoveryCheck(history: History(), isAfterCrash: false).run(crashed)
    }

    @Test func `a store with a torn end opens on a full disk`() throws {
        let machine = SimulatedMachine(restarting: try SimulatedStore.makeTree(), seed: 1)
        let disk = machine.startProcess()
        let log = try SimulatedStore.open(disk)
        let first = AppendRequest.simulated(0..<1)
        _ = try log.append(first)
        disk.kill(atOperation: disk.operationCount + 2, halfway: true)
        #expect(throws: AppendError.self) { try log.append(.simulated(1..<2)) }
        machine.capacity = machine.usedBytes
        let again = try SimulatedStore.open(machine.startProcess())
        #expect(try again.events(EventSelection()).count == 1)
    }
}
