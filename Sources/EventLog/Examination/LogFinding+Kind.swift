extension LogFinding {
    /// What can be wrong with the files of a log.
    package enum Kind: String, Hashable, CaseIterable, Sendable {
        /// `store.json` is missing, or does not say which store this is.
        case manifestDamaged
        /// A newer program wrote the store or a file.
        case formatUnknown
        /// Owner or permissions of a directory are not safe.
        case permissionsUnsafe
        /// The operating system does not let a file be read.
        case fileUnreadable
        /// A log file is not there.
        case fileMissing
        /// The header of a log file does not have its checksum.
        case fileHeaderDamaged
        /// A log file is whole, and not the one that belongs in its place.
        case fileForeign
        /// A log file was cut short or grew.
        case fileSizeWrong
        /// A record, or what should be one, does not have its checksums.
        case recordDamaged
        /// A record is whole, and holds something else than the events it counts.
        case recordForged
        /// A record is whole, and does not follow the one before it.
        case recordMisplaced
        /// The sequences of a stream do not follow each other.
        case sequenceBroken
        /// Two events have the same identity.
        case identityTwice
        /// Events that were acknowledged or synced are not there.
        case positionsMissing
        /// A sync failed, and nothing is written since.
        case writingStopped
        /// The shared page says what cannot be.
        case pageWrong
        /// A sealed log file can be written to.
        case sealedFileWritable
        /// An index file does not have its checksums.
        case indexDamaged
        /// An index file tells of another log than this.
        case indexForeign
        /// Index files do not cover what is sealed.
        case indexMissing
        /// Bytes stand where no record is.
        case bytesBehindRecords
        /// Events were written and not synced.
        case eventsUnsynced
        /// The next log file is due and was not made.
        case nextFileMissing
        /// A file is left of something that ended.
        case leftover
    }
}

extension LogFinding.Kind {
    /// How bad findings of the kind are.
    package var severity: LogFinding.Severity {
        switch self {
        case .manifestDamaged, .formatUnknown, .permissionsUnsafe, .fileUnreadable, .fileMissing,
            .fileHeaderDamaged, .fileForeign, .fileSizeWrong, .recordDamaged, .recordForged,
            .recordMisplaced, .sequenceBroken, .identityTwice, .positionsMissing, .writingStopped:
            .critical
        case .pageWrong, .sealedFileWritable, .indexDamaged, .indexForeign: .warning
        case .indexMissing, .bytesBehindRecords, .eventsUnsynced, .nextFileMissing, .leftover:
            .notice
        }
    }

    /// What to do about findings of the kind.
    package var remedy: String {
        switch self {
        case .manifestDamaged:
            "restore store.json from a backup; the log files are not touched by it"
        case .formatUnknown: "use the recount that wrote it"
        case .permissionsUnsafe:
            "run as the owner of the store, and take the right to write from others with 'chmod go-w'"
        case .fileUnreadable: "check the disk and the permissions, then look again"
        case .fileMissing, .fileHeaderDamaged, .fileForeign, .fileSizeWrong:
            "copy the store as it is, then restore this file from a backup"
        case .recordDamaged, .recordForged, .recordMisplaced:
            "copy the store as it is, then restore the log file from a backup"
        case .sequenceBroken, .identityTwice:
            "copy the store as it is, and restore the log from a backup that has no such finding"
        case .positionsMissing: "copy the store as it is, then restore the positions from a backup"
        case .writingStopped:
            "check the disk, end the programs that use the store, and open it again"
        case .pageWrong: "end the programs that use the store and delete log/shared"
        case .sealedFileWritable: "take the right to write away with 'chmod 400'"
        case .indexDamaged, .indexForeign: "delete the file; it is built again from the log"
        case .indexMissing: "nothing; the program that appends next builds it"
        case .bytesBehindRecords:
            "nothing; a torn tail is put aside when the store is opened for writing"
        case .eventsUnsynced: "nothing; the next synced append or opening syncs them"
        case .nextFileMissing: "see that there is space; the next append tries again"
        case .leftover: "delete it when nobody needs it any more"
        }
    }
}
