// What a developer needs to write a domain and to run a program over it.
@_exported public import Aggregates
@_exported public import EventModel
@_exported public import EventSchema
@_exported public import EventStorage
@_exported public import JSON
@_exported public import ReadModels
@_exported public import SQLiteDatabase
