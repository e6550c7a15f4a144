/** What can go wrong at a port, one class per cause. */

/** The other side is throttling, slow or gone for the moment: the same call may be made again. */
export class TransientFailure extends Error {
  override readonly name: string = 'TransientFailure';
}

/** What is written to is not as it was read: another writer was faster. Reading again helps. */
export class Conflict extends TransientFailure {
  override readonly name = 'Conflict';
}

/** A bounded queue is full. Nothing was accepted. */
export class Overloaded extends TransientFailure {
  override readonly name = 'Overloaded';
}

/** A cursor that is not one of the list it was given to. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
