import Billing
import EventLog
import Glibc
import Recount

let application = Application()
    .verb(
        .demo(model: BillingModel.yaml) { eventCount in
            BillingLoad(eventCount: eventCount, through: EventLog.systemTime())
        }
    )
exit(application.run())
