"""What the emitters `javascript` and `typescript` share: types, identifiers, relations, names.

`document` reads the DataStore schema into values, `reserved` refuses names that JavaScript cannot
have, `naming` finds names for what is generated beside them, and the other modules write text.
"""
