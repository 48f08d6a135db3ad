import EventModel
import EventStorage
@testable import Processing
import RecountTesting

// Sendable: a simulation runs on one thread.
/// A process that runs the group, one step at a time; what ``ProcessorRunner`` does in loops.
final class SimulatedHost: @unchecked Sendable {
    let world: GroupWorld
    /// The numbers of all storages that it has opened.
    var numbers: [HostNumber] = []
    private(set) var storage: SimulatedStorage?
    private(set) var isDead = false
    /// Whether it is in the middle of something.
    private(set) var isBusy = false
    /// Whether its heart does not beat.
    var isFrozen = false
    /// Whether it wants all segments, of a host that does nothing but claim some.
    var wish: Bool?
    private var claims: GroupClaims?
    private var run: GroupRun?
    private var chosen: Set<Segment>?
    private var shadow: SimulatedShadow?

    init(_ world: GroupWorld) { self.world = world }

    /// Comes to a call that may be its last.
    func reach() throws {
        if isDead { throw Crash() }
        try world.fate(self)
        if isDead { throw Crash() }
    }

    /// Ends its life at the next call.
    func kill() { isDead = true }

    /// Does the next thing.
    func step() {
        if isBusy { return }
        isBusy = true
        do {
            try advance()
        } catch is GroupChanged where run != nil {
            endRun()
        } catch {
            world.trace("host \(numbers.last?.bits ?? 0): \(error)")
            close()
        }
        isBusy = false
        if isDead { world.bury(self) }
    }

    /// Goes on with new rows beside those in use, which another thread would make.
    func stepShadow() {
        guard !isDead, !isFrozen, let shadow, shadow.canStep else { return }
        let wasBusy = isBusy
        isBusy = true
        shadow.step()
        isBusy = wasBusy
        if isDead, !isBusy { world.bury(self) }
    }

    /// Ends in good order.
    func stop() {
        close()
        world.bury(self)
    }

    private func advance() throws {
        guard let storage, storage.isInPlace, claims != nil else { return try open() }
        if let run {
            if wish == nil {
                try run.step()
                if storage.isInPlace { world.judge(run, on: storage.file) }
            } else {
                try storage.transact { run.processor.progress }
            }
            let isChanged = try claims?.tend(needsAll: wish ?? run.needsAllSegments) ?? true
            if try isChanged || claims?.chosen() != chosen { endRun() }
        } else {
            try claims?.tend()
            guard !storage.claimed.isEmpty else { return }
            chosen = try claims?.chosen()
            run = try makeRun(storage)
        }
    }

    private func open() throws {
        close()
        let opened = try SimulatedGroup(host: self).openStorage()
        storage = opened
        claims = GroupClaims(opened, stealTimeout: .seconds(10)) { [world] in world.uptime }
    }

    private func makeRun(_ storage: SimulatedStorage) throws -> GroupRun {
        try GroupRun(
            storage: storage,
            group: SimulatedGroup(host: self),
            store: SimulatedStore(host: self),
            process: 1,
            claimed: chosen,
            now: world.clock.now,
            uptime: { [world] in world.uptime },
            makeShadow: { [unowned self] _, replay, _, _, _ in
                let made = SimulatedShadow(self, replay)
                shadow = made
                return made
            }
        )
    }

    private func endRun() {
        run?.stopShadow()
        run = nil
    }

    private func close() {
        endRun()
        for segment in storage?.claimed.sorted() ?? [] { storage?.release(segment) }
        storage = nil
        claims = nil
    }
}

/// Makes new rows beside those in use, when the simulation says so.
final class SimulatedShadow: ShadowMaker {
    private unowned let host: SimulatedHost
    private let replay: TrackingToken.Replay
    private var run: GroupRun?
    private var isStopped = false
    private var isStepping = false
    private(set) var position = Position.start
    private(set) var failure: String?
    var limit = Position.start

    init(_ host: SimulatedHost, _ replay: TrackingToken.Replay) {
        self.host = host
        self.replay = replay
    }

    /// Whether there is something to do.
    var canStep: Bool {
        !isStopped && !isStepping && failure == nil && (run == nil || position < limit)
    }

    func step() {
        isStepping = true
        defer { isStepping = false }
        do {
            let run = try run ?? makeRun()
            self.run = run
            if position < limit { try run.step() }
            position = run.status.position
            failure = run.status.failure
        } catch {
            failure = String(describing: error)
        }
    }

    private func makeRun() throws -> GroupRun {
        let world = host.world
        return try GroupRun(
            storage: try SimulatedGroup(host: host).openDraft(replay),
            group: SimulatedGroup(host: host),
            store: SimulatedStore(host: host),
            now: world.clock.now,
            uptime: { world.uptime },
            limit: { [unowned self] in limit }
        )
    }

    func stop() { isStopped = true }
}
