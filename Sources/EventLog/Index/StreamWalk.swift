/// Goes through the streams of several index files in the order of their names.
struct StreamWalk {
    /// A stream in one of the files.
    struct Member: Hashable {
        /// The number of the file.
        var file: Int
        /// The number of the stream in it.
        var stream: Int
    }

    private let files: [IndexFile]
    /// For each file the number of the stream it is at.
    private var next: [Int]
    /// The stream that the walk is at, in all files that have it, oldest first.
    private(set) var members: [Member] = []

    /// Begins in files, oldest first, before the first stream whose name is not before a given one.
    init(_ files: [IndexFile], from name: RawSpan) throws(IndexDamage) {
        self.files = files
        next = []
        for file in files { next.append(try file.firstStream(notBefore: name)) }
    }

    /// Goes on to the next stream; false where there is none.
    mutating func advance() throws(IndexDamage) -> Bool {
        members.removeAll(keepingCapacity: true)
        for file in files.indices where next[file] < files[file].streamCount {
            try consider(Member(file: file, stream: next[file]))
        }
        for member in members { next[member.file] += 1 }
        return !members.isEmpty
    }

    /// Keeps a stream where its name is not behind that of those kept so far.
    private mutating func consider(_ member: Member) throws(IndexDamage) {
        if let first = members.first {
            let file = files[member.file]
            let leastFile = files[first.file]
            let name = try file.name(member.stream)
            let least = try leastFile.name(first.stream)
            if least.precedes(name) { return }
            if name.precedes(least) { members.removeAll(keepingCapacity: true) }
        }
        members.append(member)
    }

    /// The name of the stream that the walk is at.
    func withName<Result>(_ body: (RawSpan) -> Result) throws(IndexDamage) -> Result? {
        guard let first = members.first else { return nil }
        let file = files[first.file]
        return body(try file.name(first.stream))
    }

    /// What all files together know of the stream that the walk is at.
    ///
    /// - Throws: the damage of a file whose events do not go on where those before end.
    func run() throws(IndexDamage) -> StreamRun? {
        var whole: StreamRun?
        for member in members {
            let run = try files[member.file].run(member.stream)
            guard let earlier = whole else {
                whole = run
                continue
            }
            guard earlier.endSequence == run.firstSequence else { throw files[member.file].damage }
            whole?.count += run.count
            whole?.lastPosition = run.lastPosition
            whole?.lastTime = run.lastTime
        }
        return whole
    }
}
