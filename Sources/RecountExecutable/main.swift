import Billing
import EventLog
import Recount

try await Application(version: VerbTable.version) {
    Verb.demo(model: BillingModel.yaml) { eventCount in
        BillingLoad(eventCount: eventCount, through: EventLog.systemTime())
    }
}.main()
