import Disk
import EventModel
import EventStorage

extension LogExamination {
    /// Looks at who may change the store.
    mutating func examinePermissions() {
        for path in [directory.path, directory.log] {
            guard let status = try? disk.status(path) else { continue }
            if status.kind != .directory {
                note(.permissionsUnsafe, path, "it is not a directory, and may lead elsewhere")
            } else if !status.isOwn {
                note(.permissionsUnsafe, path, "it belongs to another user")
            } else if status.isWritableByOthers {
                note(.permissionsUnsafe, path, "it can be written to by others")
            }
        }
    }

    /// Looks at what says which store this is.
    mutating func examineManifest() {
        do throws(StorageError) {
            manifest = try StoreManifest.read(directory, disk: disk)
        } catch {
            let kind: LogFinding.Kind =
                switch error.code {
                case .formatUnknown: .formatUnknown
                case .inputOutput: .fileUnreadable
                default: .manifestDamaged
                }
            let summary = error.code == .notAStore ? "the file is not there" : error.message
            note(kind, directory.manifest, error.cause.map { "\(summary): \($0)" } ?? summary)
        }
    }

    /// Opens the log files and looks at their headers.
    mutating func openFiles(_ names: LogNames) {
        if names.logFiles.first != Position.start.next, names.logFiles.isEmpty || depth == .quick {
            let name = LogFile.name(firstPosition: Position.start.next)
            let missing = witnessed > .start ? Position.start.next...witnessed : nil
            note(
                .fileMissing,
                directory.logFile(name),
                positions: names.logFiles.isEmpty ? missing : nil,
                "the first log file is not there"
            )
        }
        for position in names.logFiles {
            let path = directory.logFile(LogFile.name(firstPosition: position))
            do throws(StorageError) {
                let file = try ExaminedFile(position, in: directory, disk: disk)
                examineHeader(of: file, isLast: position == names.logFiles.last)
                files.append(file)
            } catch {
                note(
                    error.code == .formatUnknown ? .formatUnknown : .fileUnreadable,
                    path,
                    error.cause.map { "\(error.message): \($0)" } ?? error.message
                )
            }
        }
        if let first = files.first?.header { hashes = IndexHashes(seed: first.salt) }
        for file in files.dropLast() { examineSeal(of: file) }
    }

    /// Looks at the header of a file, when those before it have been looked at.
    private mutating func examineHeader(of file: ExaminedFile, isLast: Bool) {
        let bytes = 0..<LogFormat.fileHeaderSize
        guard let header = file.header else {
            if file.isUnfinished, isLast {
                note(.leftover, file.path, "a log file was begun and never finished")
            } else {
                note(
                    .fileHeaderDamaged,
                    file.path,
                    bytes: bytes,
                    "the header of the log file does not have its checksum"
                )
            }
            return
        }
        if header.fileSize != UInt64(file.size) {
            note(
                .fileSizeWrong,
                file.path,
                "the log file has \(file.size) bytes instead of \(header.fileSize)"
            )
        }
        if let fault = fault(of: header, named: file.namedPosition) {
            note(
                .fileForeign,
                file.path,
                bytes: bytes,
                "the log file is not the one of its name: \(fault)"
            )
        }
        let missingCount = Int(header.number) - files.count - missingFileCount
        guard missingCount > 0 else { return }
        missingFileCount += missingCount
        // The examination of the records knows the positions, too.
        guard depth == .quick, !files.isEmpty else { return }
        note(
            .fileMissing,
            directory.log,
            "\(missingCount) log files are not there before the one that begins with position "
                + "\(header.firstPosition)"
        )
    }

    /// What speaks against a header; nothing where nothing does.
    private func fault(of header: LogFileHeader, named position: Position) -> String? {
        let first = files.first?.header
        if let store = manifest?.identity.id ?? first?.store, header.store != store {
            return "it belongs to store \(header.store)"
        }
        let last = files.last?.header
        if let last, header.incarnation < last.incarnation {
            return
                "it belongs to incarnation \(header.incarnation), that before it to \(last.incarnation)"
        }
        if let identity = manifest?.identity, header.incarnation > identity.incarnation {
            return "it belongs to incarnation \(header.incarnation)"
        }
        if header.firstPosition != position {
            return "it begins with position \(header.firstPosition)"
        }
        if let last, header.number <= last.number {
            return "it is file \(header.number), and so is one before it"
        }
        return nil
    }

    private mutating func examineSeal(of file: ExaminedFile) {
        guard let status = try? disk.status(file.path), status.permissions & 0o222 != 0 else {
            return
        }
        // A log that is only loaded in bulk seals its files with the next sync.
        guard let next = files.first(where: { $0.namedPosition > file.namedPosition })?.header,
            next.durableUpTo.next >= next.firstPosition
        else { return }
        note(.sealedFileWritable, file.path, "the log file is sealed and can be written to")
    }

    /// Looks at the page that processes share.
    mutating func examinePage() {
        guard let page, page.load(.boot) == disk.bootIdentity else { return }
        let (synced, head) = (page.load(.synced), page.load(.head))
        if page.load(.isStopped) == 1 {
            note(
                .writingStopped,
                directory.sharedPage,
                "a sync of the log failed; nothing is written since"
            )
        }
        if synced > page.load(.head) {
            note(
                .pageWrong,
                directory.sharedPage,
                "it says that position \(synced) was synced, and that the log ends with \(head)"
            )
        } else if synced < head {
            note(
                .eventsUnsynced,
                directory.sharedPage,
                "\((Position(synced).next...Position(head)).words) were written and not synced"
            )
        }
    }

    /// Whether somebody appends, or makes files ahead or index files, at this moment.
    private var isBusy: Bool {
        let upkeepPage = try? disk.share(directory.upkeepPage, writable: false)
        return [page, upkeepPage].contains { (try? $0?.isLocked()) == true }
    }

    /// Looks for what was left behind, and for what should be there.
    mutating func examineLeftovers(_ names: [String]) {
        for name in names {
            let path = directory.logFile(name)
            // What somebody is making at this moment is not left behind.
            if isBusy || !disk.exists(path) || isBusy { continue }
            if name.contains(".log.torn-") {
                note(.leftover, path, "it holds what was cut off a torn tail")
            } else if name.hasSuffix(".zeros") || name.hasSuffix(".new") {
                note(.leftover, path, "somebody began to make it and ended")
            }
        }
        guard depth == .full, let last = files.last, !disk.exists(directory.preparedFile),
            endOffset > last.size / 2
        else { return }
        note(
            .nextFileMissing,
            directory.preparedFile,
            "more than half of the last log file is used, and the next one is not there"
        )
    }
}
