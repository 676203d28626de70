//! Contracts of any size, made up for measuring: three operations for each kind of thing, with
//! schemas that look like those of a real service.

use std::fmt::Write as _;

/// How many operations stand on one kind of thing.
const OPERATIONS_PER_THING: usize = 3;

/// A contract with as many operations, rounded up to a multiple of three.
#[must_use]
pub(super) fn synthetic(operations: usize) -> String {
    let things = operations.div_ceil(OPERATIONS_PER_THING);
    let mut text = String::from(HEAD);
    for thing in 0..things {
        push(&mut text, PATHS, thing);
    }
    text.push_str(SHARED);
    for thing in 0..things {
        push(&mut text, SCHEMAS, thing);
    }
    text
}

/// Appends `template`, with the number of the thing in place of `@`, and other kinds of things to
/// refer to in place of `^`.
fn push(text: &mut String, template: &str, thing: usize) {
    for part in template.split_inclusive(['@', '^']) {
        // Writing to a string cannot fail.
        let _ = match (part.strip_suffix('@'), part.strip_suffix('^')) {
            (Some(before), _) => write!(text, "{before}{thing}"),
            (_, Some(before)) => write!(text, "{before}{}", thing / 2),
            _ => write!(text, "{part}"),
        };
    }
}

const HEAD: &str = "\
openapi: 3.0.3
info:
  title: Synthetic
  version: '1'
  description: Made by `cargo xtask bench codegen`.
servers:
  - url: https://example.com/v1
paths:
";

// Line one is empty, as a backslash there would take the indentation away too.
const PATHS: &str = "
  /things@:
    get:
      operationId: listThings@
      summary: Find things of kind @
      description: Returns a page of things, the newest first.
      parameters:
        - $ref: '#/components/parameters/Max'
        - name: state
          in: query
          description: Only things in this state.
          schema:
            type: string
      responses:
        '200':
          description: A page of things.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing@List'
        '400':
          $ref: '#/components/responses/Refused'
        '429':
          $ref: '#/components/responses/Refused'
  /things@/{thingId}:
    parameters:
      - $ref: '#/components/parameters/ThingId'
    get:
      operationId: getThing@
      summary: Read one thing of kind @
      description: Returns the thing that `thingId` names.
      responses:
        '200':
          description: The thing.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing@'
        '404':
          $ref: '#/components/responses/Refused'
        '429':
          $ref: '#/components/responses/Refused'
    put:
      operationId: updateThing@
      summary: Replace one thing of kind @
      description: Replaces the writable part of the thing and returns it.
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Thing@Update'
      responses:
        '200':
          description: The thing after the update.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing@'
        '204':
          description: Success without a body.
        '403':
          $ref: '#/components/responses/Refused'
        '429':
          $ref: '#/components/responses/Refused'
";

const SHARED: &str = "\
components:
  parameters:
    ThingId:
      name: thingId
      in: path
      required: true
      description: The id of a thing.
      schema:
        type: string
        minLength: 1
    Max:
      name: max
      in: query
      description: How many things a page holds at most.
      schema:
        type: integer
        format: int32
        minimum: 1
        maximum: 100
  responses:
    Refused:
      description: The service cannot process the request; `message` says why.
      content:
        application/json:
          schema:
            $ref: '#/components/schemas/ErrorResponse'
  schemas:
    ErrorResponse:
      type: object
      description: The body of a failed request.
      properties:
        message:
          type: string
          description: What went wrong, in words.
        trackingId:
          type: string
          description: Identifies the request.
";

const SCHEMAS: &str = "
    Thing@:
      type: object
      description: A thing of kind @, as the service shows it.
      required: [id]
      properties:
        id:
          type: string
          description: Names the thing.
        displayName:
          type: string
          description: The name that is shown to others.
          maxLength: 128
        state:
          $ref: '#/components/schemas/Thing@State'
        created:
          type: string
          format: date-time
          description: When the thing came into being.
        size:
          type: integer
          format: int64
          description: Its size in bytes.
        share:
          type: number
          description: Its share of the whole.
        enabled:
          type: boolean
          description: Whether it can be used.
        tags:
          type: array
          description: What it has been tagged with.
          items:
            type: string
        parts:
          type: array
          description: The parts that it is made of.
          items:
            $ref: '#/components/schemas/Thing@Part'
        labels:
          type: object
          description: Free text by name.
          additionalProperties:
            type: string
        related:
          $ref: '#/components/schemas/Thing^Part'
    Thing@Update:
      type: object
      description: The writable part of a thing of kind @.
      properties:
        displayName:
          type: string
          description: The name that is shown to others.
        enabled:
          type: boolean
          description: Whether it can be used.
        tags:
          type: array
          description: All tags, kept and new.
          items:
            type: string
        parts:
          type: array
          description: All parts, kept and new.
          items:
            $ref: '#/components/schemas/Thing@Part'
    Thing@Part:
      type: object
      description: A part of a thing of kind @.
      properties:
        value:
          type: string
          description: What it holds.
        primary:
          type: boolean
          description: Whether it is the main one.
    Thing@State:
      description: |
        What a thing of kind @ is doing. The list is open.

        - `new`: not used so far.
        - `in-use`: in use.
        - `retired`: not to be used again.
      anyOf:
        - type: string
          enum: [new, in-use, retired]
        - type: string
    Thing@List:
      type: object
      description: A page of things of kind @.
      properties:
        items:
          type: array
          description: The things.
          items:
            $ref: '#/components/schemas/Thing@'
        next:
          type: string
          description: Where the next page starts.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn client_is_generated_from_the_synthetic_contract() {
        let code = people_codegen::generate("synthetic.yaml", synthetic(7))
            .unwrap()
            .code;
        assert_eq!(code.matches("= &Operation {").count(), 9);
        assert!(code.contains("pub struct Thing2Update"));
    }
}
