package import Disk
import EventModel
package import EventStorage

/// Looks at the files of a log, whether it can be opened or not; changes nothing.
///
/// Reads what is there, file by file and record by record, and goes on behind damage as far as
/// records can be found again. Memory grows with the number of streams, not with that of events.
struct LogExamination {
    let directory: StoreDirectory
    let disk: any Disk
    let depth: LogExaminationDepth
    var findings: [LogFinding] = []
    var leftOutCount = 0
    var manifest: StoreManifest?
    /// The shared page; nothing where there is none.
    let page: (any SharedPage)?
    /// What the page vouched for when the examination began; before the names of files were read,
    /// so that what is written meanwhile is not missed.
    let witnessed: Position
    /// The files that could be mapped, in the order of their names.
    var files: [ExaminedFile] = []
    /// How many files are not there, as the numbers of the others tell.
    var missingFileCount = 0
    /// Where the record after the last one found belongs.
    var chain = LogChain()
    var ledger = SequenceLedger()
    /// The places where index files begin and end, with what was found there.
    var marks: [UInt64: LogMark?] = [:]
    var hashes = IndexHashes(seed: 0)
    /// The last position that index files cover without a gap.
    var indexedCount: UInt64 = 0
    /// The identities of events behind that.
    var recentIdentities: [RecentIdentity] = []
    var doneCount = 0
    /// Where in the last file the records end.
    var endOffset = 0
    let progress: (Int, Int) -> Void

    /// Begins with nothing found.
    init(
        _ directory: StoreDirectory,
        depth: LogExaminationDepth,
        disk: any Disk,
        progress: @escaping (Int, Int) -> Void
    ) {
        self.directory = directory
        self.disk = disk
        self.depth = depth
        self.progress = progress
        page = try? disk.share(directory.sharedPage, writable: false)
        let isCurrent = page?.load(.boot) == disk.bootIdentity
        witnessed = Position(page?.load(isCurrent ? .head : .synced) ?? 0)
    }

    /// Findings of one kind that are kept.
    static let countMax = 1000

    /// Remembers a finding, unless there are many of its kind.
    mutating func note(
        _ kind: LogFinding.Kind,
        _ file: String,
        bytes: Range<Int>? = nil,
        positions: ClosedRange<Position>? = nil,
        _ summary: String
    ) {
        guard findings.count(where: { $0.kind == kind }) < LogExamination.countMax else {
            leftOutCount += 1
            return
        }
        findings.append(
            LogFinding(
                kind: kind,
                file: file,
                bytes: bytes,
                positions: positions,
                summary: summary
            )
        )
    }

    /// The findings, worst first.
    var report: LogReport {
        let severities: [LogFinding.Severity] = [.critical, .warning, .notice]
        return LogReport(
            findings: severities.flatMap { severity in
                findings.filter { $0.severity == severity }
            },
            leftOutCount: leftOutCount,
            lastPosition: depth == .full ? chain.head : nil,
            byteCount: doneCount
        )
    }
}

extension EventLog {
    /// Examines the files of a log, whether it can be opened or not; changes nothing and takes no
    /// lock.
    ///
    /// - Parameters:
    ///   - directory: the store.
    ///   - depth: what is looked at.
    ///   - disk: the file system.
    ///   - progress: called now and then with the bytes done and those there are.
    /// - Returns: what was found.
    /// - Throws: ``StorageError`` where there is nothing to look at.
    package static func examine(
        _ directory: StoreDirectory,
        depth: LogExaminationDepth = .full,
        disk: any Disk = RealDisk(),
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) throws(StorageError) -> LogReport {
        var examination = LogExamination(
            directory,
            depth: depth,
            disk: disk,
            progress: progress
        )
        try examination.run()
        return examination.report
    }
}

extension LogExamination {
    /// Looks at everything, from the outside in.
    mutating func run() throws(StorageError) {
        let names: LogNames
        let all: [String]
        guard disk.exists(directory.manifest) || disk.exists(directory.log) else {
            throw StorageError(
                .notAStore,
                "there is no store here; make one with 'recount init'",
                location: directory.path
            )
        }
        do throws(DiskError) {
            names = try LogNames(directory, disk: disk)
            all = try disk.names(in: directory.log)
        } catch {
            throw StorageError(error)
        }
        examinePermissions()
        examineManifest()
        openFiles(names)
        if depth == .full {
            let indexes = openIndexFiles(names)
            let coverages = indexes.map(\.index.header.coverage)
            let connected = LogIndex.connectedCount(coverages)
            indexedCount = connected > 0 ? coverages[connected - 1].lastPosition : 0
            examineRecords()
            for index in indexes { examine(index) }
            examineCoverage(indexes)
            examineIdentities(indexes)
        }
        examinePage()
        examineLeftovers(all)
    }
}
