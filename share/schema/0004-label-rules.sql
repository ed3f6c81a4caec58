-- Labels by rule: label items with an attribute "rule" are found without a look at every label.

CREATE INDEX item_label_more ON item (project) WHERE class = 'label' AND more IS NOT NULL;
