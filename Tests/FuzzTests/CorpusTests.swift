import Disk
import FuzzTargets
import Testing

/// Bytes that were found by fuzzing, and bytes near those that a decoder takes.
@Suite struct CorpusTests {
    @Test(arguments: FuzzTarget.allCases)
    func `no stored input traps`(target: FuzzTarget) throws {
        for input in try stored(target) { target.run(input) }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `no change of a valid input traps`(target: FuzzTarget) throws {
        let inputs = target.seeds + (try stored(target))
        #expect(!inputs.contains([]), "an encoder failed")
        var mutator = Mutator(state: 1)
        for input in inputs { target.run(input) }
        for round in 0..<400 {
            target.run(mutator.changed(inputs[round % inputs.count]))
        }
    }

    @Test func `the corpus is small`() throws {
        let size = try FuzzTarget.allCases.flatMap(stored).reduce(0) { $0 + $1.count }
        #expect(size < 200 << 10)
    }

    private func stored(_ target: FuzzTarget) throws -> [[UInt8]] {
        let folder =
            "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/")
            + "/Corpus/" + target.rawValue
        let disk = RealDisk()
        guard disk.exists(folder) else { return [] }
        return try disk.names(in: folder).map { name in
            let file = try disk.open(folder + "/" + name, writable: false)
            return try file.read(0..<file.size())
        }
    }
}

/// Changes bytes in the ways that break decoders most.
private struct Mutator {
    var state: UInt64

    private mutating func next(below count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, count)
    }

    mutating func changed(_ input: [UInt8]) -> [UInt8] {
        var bytes = input
        for _ in 0...next(below: 6) where !bytes.isEmpty {
            let index = next(below: bytes.count)
            switch next(below: 7) {
            case 0: bytes[index] ^= 1 << UInt8(next(below: 8))
            case 1: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF][next(below: 5)]
            case 2: bytes.insert(UInt8(next(below: 256)), at: index)
            case 3: bytes.remove(at: index)
            case 4: bytes.removeSubrange(index...)
            case 5:
                let end = min(index + 8, bytes.count)
                for place in index..<end { bytes[place] = 0xFF }
            default:
                let end = min(index + 1 + next(below: 16), bytes.count)
                bytes.insert(contentsOf: bytes[index..<end], at: next(below: bytes.count))
            }
        }
        return bytes
    }
}
