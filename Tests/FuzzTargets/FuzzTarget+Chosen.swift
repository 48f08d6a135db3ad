import Disk
import Glibc

extension FuzzTarget {
    /// The target that the environment names in `FUZZ_TARGET`.
    fileprivate static let chosen: FuzzTarget = {
        guard let target = variable("FUZZ_TARGET").flatMap(FuzzTarget.init) else {
            preconditionFailure("FUZZ_TARGET names a target.")
        }
        return target
    }()

    fileprivate static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}

/// Writes the seeds of the chosen target to the folder that the environment names in `FUZZ_SEEDS`;
/// libFuzzer calls it before it reads its inputs.
@_cdecl("LLVMFuzzerInitialize")
package func writeSeeds(_ count: UnsafeRawPointer?, _ arguments: UnsafeRawPointer?) -> CInt {
    guard let folder = FuzzTarget.variable("FUZZ_SEEDS") else { return 0 }
    for (number, seed) in FuzzTarget.chosen.seeds.enumerated() {
        let path = "\(folder)/seed-\(number)"
        try? RealDisk().remove(path)
        try? RealDisk().create(path, size: 0).write(seed.span.bytes, at: 0)
    }
    return 0
}

/// Gives bytes to the chosen target; libFuzzer calls it.
@_cdecl("LLVMFuzzerTestOneInput")
package func runChosenTarget(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
