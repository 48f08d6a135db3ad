import Glibc
import Recount

exit(Application().run())
