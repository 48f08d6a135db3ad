import Glibc
import Recount

exit(VerbTable().run(Array(CommandLine.arguments.dropFirst())))
