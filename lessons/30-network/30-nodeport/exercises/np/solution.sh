kubectl create service nodeport np --tcp=8080:80
